"""Letters on their way: who makes them, who sends them, what people do with them."""
