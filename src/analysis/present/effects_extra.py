"""What chapter 42 shows beside the diagnostics of the plan: bounds on slopes, and CV3."""

from analysis.present import effects
from analysis.present.chapter import Chapter

_SLOPES = [f"slope={name}" for name in ("none", "twentieth", "tenth", "fifth")]


def robustness(chapter: Chapter) -> None:
    """Show intervals under changing slopes, and intervals that leave out each buyer in turn."""
    main = (effects.PUBLISHED, *effects.PRIMARY)
    slopes = effects.of(chapter, "smooth", group="slope=*")
    slopes = slopes[slopes["definition"].isin(main)]
    if len(slopes):
        places = slopes["group"].map({name: at for at, name in enumerate(_SLOPES)})
        chapter.say("effects.smooth")
        ordered = slopes.loc[places.sort_values(kind="stable").index]
        chapter.table("effects-smooth", ordered, by="group", across="definition")
    left_out = effects.of(chapter, "jackknife", "jackknife_p")
    if len(left_out):
        chapter.say("effects.jackknife")
        chapter.table("effects-jackknife", left_out, by="definition")
