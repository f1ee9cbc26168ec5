"""What the sample office is made of: invented people, their journeys, and the files that staff hand in."""
