"""Names that are also everyday words: repeated only in the same case and where no article stands before them.

A detector sees "Hope" the nurse by her cue; "she has no hope" is found by repetition alone, and is nobody.
"""

from __future__ import annotations

from typing import Final

_WORDS: Final = """
    ace alt amani an and angel april art as at august aurora autumn back bacon bahati baker ball banks baraka barn
    basil be bear beer bell berry best bianco bill bird bishop black blanc block blood blue bone branch bravo bread
    broad brook brooks brown buck buddy burns bush by calvo campos can candy care case cash chance chase cherry
    child chin christian christmas church clara clay cliff close coach coffee coke comfort consuelo cook cookie
    coral costa cross cruz crystal daisy dale dawn day days dean dear delgado destiny dish do doctor dolores down
    drew early east easter england english esperanza eve fair faith fall faraja farmer felice field fields fine
    fiore fish flores flower flowers ford forest fox frank free freedom freitag french friday friend fry furaha
    garden gay gene gentile gift ginger glass go gold golden good goodness grace grant gray graça green guy hall ham
    hand hands happy hardy harmony haven he head heart heath heather her hill his holly home honey hope house hunt
    hunter hurt if iglesias imani in ireland iris is it ivy jack jade jewel joy june jung junior juste justice
    kaiser king kitchen klein knight koch kurz lake lamb lane lang large late law laws leite lemon liberty lily
    little london long lord love low luce luck lucky luz major march mark market marks may me means mercedes mercy
    milagros miles mill mills monday money moon more moreno my neema new nick no noble noon norm north nurse ocean
    of olive on or pack page parfait park parks pat patience patient paz pearl penny pepper person petit pierre
    pilar pine pink pinto play pleasant poppy post pound power precious price prince prudence pure queen quick rain
    ray read reed rehema remedios remember reyes rice rich richter ridge river rob rock root rosa rosario rose
    rosemary royal rubio ruby rush sage salmon salt sandy santos savage schneider schwarz score self session sharp
    she shepherd short shukuru silver sky small snow so socorro soledad sommer sonntag south speed spring star stark
    stella sterling still stone storm strange street strong sue sugar swan summer sunday sunny sweet swift temple the
    tiny to town trip true tumaini unique up upendo us van violet vittoria von walk walker wall ward waters way we
    weeks wells west white wild will wine winter wise wolf wood woods world worth young zawadi вера кузнец лев
    любовь мороз надежда роман слава
"""
COMMON_WORDS: Final = frozenset(_WORDS.split())
_FOREIGN: Final = """
    amani bahati baraka bianco blanc calvo campos consuelo costa cruz delgado dolores esperanza faraja felice fiore
    flores freitag furaha graça iglesias imani kaiser klein koch kurz leite luce luz milagros moreno neema paz petit
    pierre pilar pinto rehema remedios reyes rosario rubio schneider schwarz shukuru socorro soledad sommer sonntag
    tumaini upendo vittoria zawadi
"""
FOREIGN: Final = frozenset(_FOREIGN.split())
"""Those that are no words of English: in most texts they are names, also at the beginning of a sentence."""
