"""What Aisle is measured on, a section a module: each has `measure(ground) -> Section`."""
