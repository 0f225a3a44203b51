"""What several tests need: above all the running bot (`stack.Stack`)."""
