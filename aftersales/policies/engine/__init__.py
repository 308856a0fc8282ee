"""A company's rules as dated, cited, checked decision tables. Plain Python: usable alone, in a command line or a web page.

    policy = read_policy(text)
    program = compile_decision(policy, "return")
    verdict = program.judge({"cause": "quality", "days_recv": 2})

The language is explained to a manager in `docs/policies/`; what each part does stands at the head of its file.
"""
