"""Decision tables of the house: language, compiler, analysis, versions."""
