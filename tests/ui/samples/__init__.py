"""Every screen in every state, with invented people: what pictures and the walk are made of.

`desk_states`, `technician_states` and `day_states` give each state's name and the widget that
shows it, in a language and at a size.
"""
