"""Does the Programma Innovatieve Overheidsopdrachten work, and do start-ups win public contracts?"""
