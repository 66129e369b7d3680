"""Real drivers of Debian's kernel against emulated USB devices, in a small virtual machine."""
