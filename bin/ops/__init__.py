"""What bin/up, bin/down and bin/test do, one idea a file."""
