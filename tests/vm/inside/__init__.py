"""What runs in the virtual machine (`make test-devices`); elsewhere nothing here is collected."""
