"""Words that tell a stranger what somebody is treated for: Dutch, English, German and French, folded.

A text on a locked phone is read by others, and health data are protected more than others (AVG 9). A stem ends in `*`.
"Huisarts" and "tandarts" tell no more than that somebody has one.
"""

_DUTCH = """
abort* adhd allerg* anticoncept* antidepress* artrose astma autis* bestral* bevalling* bevolkingsonderzoek bloed*
borst* burn-out cardio* chemo* chirurg* colon* copd corona* covid* darm* dement* depress* dermatolo* diabet* diagnos*
dialys* eetstoornis* ecg echo* eeg embryo* endoscop* epilep* fertiliteit* geestelijk* geneesmiddel* geriatr* geslachts*
ggz griepprik gynaec* hart* hersen* hiv hormo* huidarts hulpverlen* hypnother* infuus injectie* insuline inwendig* ivf*
kanker* keizersne* klacht* klinisch* kraam* lever* long* maag* medic* menopauz* mdl migraine mri nefro* nier*
neuro* oncolo* onderzoeksuitslag* operatie* orthoped* overgang pap-* pijn* plastisch* prik prostaat* psych*
radiolo* recept* reuma* rontgen* ruggenprik scan schildklier* schizo* seks* soa specialist* spiraal* spoed* sterilis*
stoma* suiker* testuitslag* therap* trauma* tumor* uitslag* uitstrijk* urine* urolo* vaccin* vasectom* verslav*
verwijz* voorlichtingsgesprek vruchtbaar* wond* zwanger*
"""
_ENGLISH = """
addict* anxiety asthma biops* birth blood* cancer* cardiac cervical clinic* colonoscop* contracept* counsel* dementia
disease drug* fertil* hepatitis hormon* injection* insulin kidney liver lung* mammogra* medication* mental* oncol*
pregnan* prescription* prostate radiother* rehab* result results scans screening sexual* sti std surg* symptom*
treatment* tumour* ultrasound* urolo* vaccinat* wound* x-ray
"""
_GERMAN = """
befund* behandlung* blut* diagnose* entbind* frauenarzt* geburt* gynak* herz* impf* krebs* medikament* nieren*
onkolo* operation* psychi* rezept* rontgen* schmerz* schwanger* spritze* sucht* therapie* untersuchungsergebnis*
"""
_FRENCH = """
accouchement analyse* chimiother* chirurgie* coeur cancerolo* depistage* diagnostic* douleur* echograph* gynecolo*
grossesse* ivg maladie* mammograph* medicament* ordonnance* psychiatr* psycholo* radiotherap* resultat* sang soins
traitement* vaccin* vih
"""

CARE_WORDS = frozenset(f"{_DUTCH} {_ENGLISH} {_GERMAN} {_FRENCH}".split())
