"""What a day amounts to (`daily`, `promises`), when it is reported (`schedule`), how it is kept (`plain`), and in which words."""
