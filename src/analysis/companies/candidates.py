"""Which companies a stated name may mean, and which of them it means, in SQL.

A question is what a stated name asks of the register: its words, legal form and place. Questions
that are put by many winners are answered once.
"""

from analysis.companies.name_index import Engine, Relation

EDITS = 2  # typing errors that a name may hold
LIKE = 0.8  # part of the letters that must be right
LEAD = 0.1  # by which the best must be ahead of the next
BEGINNING = 8  # letters of a name that is cut off

# Names with the same letters in the same order (1), the same words in any order (2), or the same
# but for the words of a branch (afdeling Gent, Belgium) or a town behind the name (3).
_SAME = """
create or replace temp table same_ as
select question, number, min(tier) as tier, min(tier * 10 + rank) % 10 as rank,
    max(likeness) as likeness, any_value(postcode) as postcode, any_value(town) as town
from (
    select question, 1 as tier, 1.0 as likeness, n.* from questions_ q join name_index n using (key)
    where coalesce(q.family = n.family, true)
    union all
    select question, 2, 1.0, n.* from questions_ q join name_index n using (ordered)
    where coalesce(q.family = n.family, true)
    union all
    select question, 3, round(length(n.key) / length(q.key), 4), n.*
    from questions_ q join name_index n on n.ordered = q.unbranched
    where coalesce(q.family = n.family, true)
) group by question, number
"""
# Who bears the name in the stated place, else who alone bears it in the country: then the place
# must not be stated (or be that of a partnership, not of the member), or be nearby. Of equal names
# the same order of words comes before another order, and a firm's own name before a trade name.
_ANSWERED = """
create or replace temp table answers_ as
with placed as (
    select s.*, q.joint, q.is_group, q.at_home, case
        when s.postcode = q.postcode then 'there'
        when q.postcode is null or q.joint then 'unsaid'
        when s.postcode[:2] = q.postcode[:2] or list_contains(q.towns, s.town) then 'near'
        else 'elsewhere' end as place
    from same_ s join questions_ q using (question)),
ranked as (
    select *, count(*) over (partition by question) as firms,
        rank() over best_first as place_in_rank, row_number() over (partition by question order by
            place = 'there' desc, tier, rank, number) as nth
    from placed window best_first as (
        partition by question order by place = 'there' desc, tier, rank))
select question, min(number) filter (nth = 1) as best, min(number) filter (nth = 2) as next,
    any_value(likeness) filter (nth = 1) as likeness,
    any_value(likeness) filter (nth = 2) as next_likeness,
    any_value(place = 'there') filter (nth = 1) as there, case
        when there then if(count(*) filter (place_in_rank = 1) = 1, 'linked', 'ambiguous')
        when any_value(is_group) then 'group-name'
        when any_value(firms) > 1 then 'ambiguous'
        when not any_value(at_home) or any_value(place) = 'elsewhere' then 'doubtful'
        else 'linked' end as reason,
    if(any_value(tier) filter (nth = 1) = 1, 'exact', 'tokens') as method
from ranked group by question
"""
# Names of the same place that differ by few letters, or of which the stated name is the beginning.
_ALIKE = f"""
create or replace temp table alike_ as
with open as (
    select q.* from questions_ q anti join (select question from answers_ where
    reason = 'linked' or there) using (question)
    where q.postcode is not null and not is_group and not is_vehicle),
pairs as (
    select question, q.key as asked, n.number, n.key from open q join name_index n using (postcode)
    where abs(length(n.key) - length(q.key)) <= {EDITS} and coalesce(q.family = n.family, true)
        and jaro_winkler_similarity(q.key, n.key) > 0.7
    union all
    select question, q.key, n.number, n.key from open q join name_index n
        on n.postcode = q.postcode and n.key[:{BEGINNING}] = q.key[:{BEGINNING}]
    where length(q.key) >= {BEGINNING} and starts_with(n.key, q.key)
        and coalesce(q.family = n.family, true)),
measured as (
    select question, number, damerau_levenshtein(asked, key) as edits,
        starts_with(key, asked) and length(asked) >= {BEGINNING} as begins,
        round(1 - edits / greatest(length(asked), length(key)), 4) as likeness
    from pairs)
select question, number, max(likeness) as likeness from measured
where begins or (edits <= {EDITS} and likeness >= {LIKE}) group by question, number
"""
_NEAREST = f"""
create or replace temp table nearest_ as
with ranked as (
    select *, row_number() over by_likeness as nth, lead(number) over by_likeness as next,
        lead(likeness) over by_likeness as next_likeness
    from alike_ window by_likeness as (partition by question order by likeness desc, number))
select question, number as best, likeness, next, next_likeness,
    if(round(likeness - coalesce(next_likeness, 0), 4) >= {LEAD}, 'linked', 'ambiguous') as reason
from ranked where nth = 1
"""
_STEPS = (_SAME, _ANSWERED, _ALIKE, _NEAREST)


def answer(engine: Engine, name_index: Relation) -> Relation:
    """Answer the questions of the temp table `questions_`.

    Parameters
    ----------
    engine : connection that has the temp table
    name_index : result of name_index.prepare

    Returns
    -------
    Relation
        question, best (company that fits best), likeness, next and next_likeness (of the company
        that fits next), method and reason (contracts/access.py), and whether the best has the
        stated place. One row for every question of which the register has any candidate.
    """
    for step in _STEPS:
        engine.execute(step)
    return engine.sql(
        """select question, best, likeness, next, next_likeness, 'fuzzy' as method, reason,
            true as there
        from nearest_
        union all
        select question, best, likeness, next, next_likeness, method, reason, there
        from answers_ anti join nearest_ using (question)"""
    )
