"""The commission's side: voter lists are built here, and journals collected."""
