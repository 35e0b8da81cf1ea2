import ckan.plugins as p


class SatuDataPaserPlugin(p.SingletonPlugin):
    pass
