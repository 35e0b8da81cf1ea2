"""What other catalogues and search engines read: whole-catalogue documents over what is public."""
