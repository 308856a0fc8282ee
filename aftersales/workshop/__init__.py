"""Workshop: repair orders from intake to handover.

Promises: every order has one state, one next act, a promise with its explanation, and the customer's recorded yes.
Owns: repair orders, quotation lines, consents, checks, payments noted, repair history brought from elsewhere.
Does not: keep stock, post money or send messages.
"""
