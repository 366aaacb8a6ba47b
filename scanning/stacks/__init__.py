"""The craft of stacks: where one paper ends and the next begins. In reading order:

working (the small picture everything is looked for on) · finders, codes, patches, blanks,
shadows (what stands on a page) · signs (all of it) · meanings (what codes are to a stack) ·
sheets (what one page is) · firsts (what reads like a new paper) · splitting (the stack taken
apart) · counting (two passes in one order, pages against paper) · said (sentences for the clerk).
"""
