"""The grammar of questions: ideas by the words that bear them, and meanings by the ideas they are made of.

A word that ends with ``*`` stands for everything that begins like it; ``_`` joins words that stand together. All are
folded: small letters without diacritics, Polish and English in one list.

A rule is met when all ideas of one of its ``cores`` are heard and none of ``never``. Then its words are weighed: those
of the core count for it most, those of ``beside`` a little, and words that bear ideas of which the rule knows nothing
count against it. The rule with most weight tells the meaning; when two come out even, nothing is understood.
"""

from dataclasses import dataclass

from pim_bot.programme.questions.question import Meaning

IDEAS: dict[str, str] = {
    # asking
    "who": (
        "kto kogo komu kim who whom ktos ktokolwiek anyone anybody somebody someone z_kim do_kogo jak_sie_nazywa "
        "jak_nazywa nazwisko nazwiska imie_i_nazwisko name_of the_name"
    ),
    "when": (
        "kiedy o_ktorej od_ktorej ktorego_dnia jakiego_dnia w_jakim_terminie w_jakich_dniach w_jakie_dni when "
        "what_time which_day what_day what_date o_jakiej_godzinie jaka_data data_warsztat* data_spotkan* "
        "jaki_termin jakie_terminy termin terminy date dates ktorej_godziny jaka_godzina daty"
    ),
    "where": "gdzie dokad w_jakim_miescie w_ktorym_miescie where jakie_miejsce ktorym_miejscu",
    "which": "ktorego ktorej ktore ktora ktory ktorych ktorzy ktorym jakie jaki jakich jaka which what",
    "howmany": "ile ilu how_many how_much liczb* number_of zlicz* policz* count",
    "show": "pokaz* pokazac wyswietl* otworz* zobacz* obejrz* zajrz* podejrz* show display open see view look",
    "send": (
        "wysl* wyslij przesl* przeslij posl* rozesl* podesl* podrzuc* send forward share mail udostepni* "
        "udostepnij przekaz* dostanie dostana dostali rozesla*"
    ),
    "give": (
        "daj podaj give get wygeneruj* przygotuj zrob generate download pobierz pobrac pobrania sciagn* wyciagn* "
        "eksport* export* chce"
    ),
    "be": (
        "mamy_byc byc be_in stawic przyjechac przyjezdza* we_be should_be dojechac widzimy spotykamy spotyka "
        "spotkamy zaczyna* startuje* odbyw* odbed* odbedzie meet start starts begin begins is_held take_place "
        "takes_place"
    ),
    "starts": (
        "zaczyna* zaczynamy rozpocz* rozpoczyna* startuj* start starts begin* poczatek ruszamy rozpoczecia rozpoczecie"
    ),
    "next": "najblizsz* nastepn* kolejn* next upcoming nearest coming",
    "last": "ostatni* poprzedni* last previous latest recent* niedawno",
    "our": "nasz* nas nam nami our us we mnie moj* my mine me",
    "you_can": (
        "co_umiesz co_potrafisz co_mozesz jak_dzialasz what_can_you jak_z_toba jak_tego_uzywac do_czego_sluzysz "
        "w_czym_mozesz how_do_you_work how_does_this_work kim_jestes who_are_you"
    ),
    "hello": "dzien_dobry czesc witam hello hi hej good_morning siema dobry",
    "help": "pomoc pomocy pomoz help instrukcja komendy polecenia commands",
    "delete": "usun* usuwa* skasuj* wyrzuc* delete remove erase",
    "define": "co_to_jest co_to_znaczy czym_jest czym_sa co_oznacza what_is_a what_is_an what_does",
    # things
    "event": (
        "warsztat* spotkan* wydarzen* wizyt* konferencj* webinar* szkolen* zjazd* workshop* meeting* event* "
        "activit* visit* conference* seminar* wyjazd* trip* termin_sieci termin_warsztat* training* podroz*"
    ),
    "session": (
        "konsultac* doradztw* sesj* session* consultation* advice advisory advising porad* konsult rozmow* rozmaw* "
        "talk_with spoke_with spoke_to call_with"
    ),
    "expert": (
        "ekspert* expert* specjalist* adviser* advisor* banku_swiatow* bank_swiatow* world_bank z_banku bs doradca "
        "doradcy doradczyni doradczynie"
    ),
    "advise": "doradza* doradzaja wspiera* opiekuje advis* supports helps_us",
    "help_in": "moze_pomoc pomoze_w podpowie* doradzi_w can_help help_with wie_cos zna_sie znaja_sie",
    "guardian": "opiekun* guardian* koordynator* coordinator* animator* opiekuje",
    "mid": (
        "mid midu midzie midem midy midow midach map miejsk*_inicjatyw* inicjatyw*_dzial* municipal_action mids "
        "maps action_plan action_plans"
    ),
    "part": (
        "harmonogram* diagnoz* wyzwan* dzialan* interesariusz* sciezk* wskaznik* koszt* ryzyk* finansow* czesc* "
        "czesci rozdzial* sekcj* section* part parts chapter* schedule stakeholder* indicator* actions"
    ),
    "pu": "pu plan*_ulepszen planow_ulepszen ulepszen improvement_plan* improvement_plans",
    "recommendation": "zalecen* rekomendacj* recommendation* postulat* wniosk*_legislac* zal",
    "network": "siec sieci siecia sieciach sieciami siecmi network*",
    "city": (
        "miasta miasto miast miastom miastami miastach miescie city cities town towns gmin* samorzad* municipalit* "
        "uczestni*_pim partner* miastu miastem"
    ),
    "team": "zespol* team teams sklad* skladzie ekip*",
    "person": (
        "osob* person people kolezank* koleg* pracowni* kogos czlowiek* delegat* delegac* uczestnik* "
        "przedstawiciel* colleague* pan pani pania participant* someone_else dwoje troje os"
    ),
    "agenda": (
        "agend* program porzadek_obrad porzadek_dnia porzadek_spotkan* plan_dnia plan_warsztat* plan_spotkan* "
        "plan_wizyt* programme"
    ),
    "presentation": (
        "prezentacj* material* slajd* slide* presentation* nagran* recording* handout* pliki plik files file "
        "zdjec* photos prezk* prezki prezke"
    ),
    "survey": (
        "ankiet* survey* kwestionariusz* questionnaire* ewaluac* evaluation* feedback* formularz*_ocen* ocena "
        "oceny ocene ocenic opinie_uczestni* opinie_po opini*_po_warsztat*"
    ),
    "presence": (
        "obecnos* obecny obecni attendance presence przyszedl przyszla przyszli frekwencj* was_there showed_up obecnych"
    ),
    "list": "lista liste listy list zestawienie wykaz* spis",
    "excel": "excel* xls* xlsx arkusz* spreadsheet csv tabelk*",
    "report": "raport* report* sprawozdan* podsumowan*_kwarta*",
    "position": "stanowisk* position* stance opini*_resort* odnies*",
    "law": (
        "przepis* prawo prawn* prawa ustaw* law laws legal legislat* regulation* regulac* rozporzadz* legislac* "
        "nowelizac* w_prawie"
    ),
    "ministry": "resort* ministerst* ministry ministries ministra departament* mkis kprm mfipr mswia mf",
    "category": "kategori* zakres* categor* rodzaj* scope*",
    "announcement": "ogloszen* oglos* announce* komunikat* broadcast* obwieszcz*",
    "all": "wszystk* wszyscy all everyone everybody every kazdego kazdym calej kazdemu kazda kazdy",
    "message": "wiadomosc* message* mail* informacj* info informacje informacja",
    "note": "notatk* note notes zapisek zapiski notke",
    "data": "dane danych danymi data informacje_o_mnie rodo gdpr",
    "question": (
        "pytani* zapyta* pytam spyta* question* ask zapytac spytac dopyta* zagadn* watpliwos* odpowiedz_ekspert* "
        "doubt* answer_from"
    ),
    # doing
    "prepare": (
        "przygotow* przygotuj* prepare* preparation zabrac zabieramy wziac bring przyniesc naszykow* szykow* "
        "zadanie_domowe homework zrobic_na zrobic_do have_ready gotowe_na ready_for miec_gotow* miec_na "
        "miec_ze_soba ze_soba mielismy_zrobic mamy_zrobic powinnismy_miec should_we_bring"
    ),
    "deadline": (
        "do_kiedy na_kiedy do_ktorego_dnia do_jakiego_dnia deadline* due by_when until_when termin_oddan* "
        "termin_zloz* termin_przekaz* ile_mamy_czasu ile_czasu how_long_do_we kiedy_mija kiedy_uplywa ostateczn* "
        "termin_na po_terminie by_what_date czasu_na ile_dni how_much_time how_long_have_we"
    ),
    "deliver": (
        "oddaj* oddac oddania oddanie zloz* zlozyc zlozenia skladamy przekaza* przekazuj* wysylamy submit* "
        "deliver* hand_in turn_in dostarcz* dosla* konczymy skonczyc zlozen* odesl* oddamy"
    ),
    "missing": (
        "brak* brakuj* missing lack* zostalo pozostalo niegotow* pusty puste pustych empty uzupelni* niewypeln* "
        "nie_mamy left_to still_need still_lack do_zrobienia unfinished incomplete niedokoncz* not_done dokoncz* "
        "do_uzupeln* do_dopisania nie_napis* czego_nie_ma nie_ma_w nie_zrobil* nie_wypeln* jeszcze_nie not_written "
        "not_yet"
    ),
    "arrange": (
        "umow* umaw* umowic ustawic ustaw zarezerw* rezerw* arrange* book schedule set_up zaplanuj* zaplanowac "
        "spotkac_sie termin_na_konsult* zamowic"
    ),
    "move": (
        "przeloz* przelozyc przeniesc przenies* przesun* przesuniecie move reschedule* postpone* zmien*_termin* "
        "zmian*_termin* inny_termin innym_terminie another_date different_date inny_dzien push_back przekladamy "
        "different_time another_time pozniejszy_termin wczesniejszy_termin delay"
    ),
    "cancel": "odwol* odwolac odwolujemy anuluj* cancel* call_off rezygnuj*",
    "agreed": (
        "ustalen* ustalilismy ustalono ustalili ustalone uzgodn* agreed agree agreement* umowilismy_sie stanelo "
        "zapadl* wnioski_z doszlismy decisions decyzje_z podjelis* decided"
    ),
    "goes": (
        "jedzie jedziecie jada jedziemy pojedzie pojada wybiera_sie bierze_udzial wezmie_udzial biora_udzial "
        "uczestniczy bedzie_na going goes travel* attends attending uda_sie leci leca wysyla reprezent* represent* "
        "uczestniczyl* jezdzi lata takes_part taking_part taking is_coming zapisal* zglosil* zglosily_sie "
        "na_liscie on_the_list"
    ),
    "register": (
        "zglasza* zglosic zglosi* zglasz* zapisuje* zapisujemy zapisac zapisz* register* sign_up enrol* przyjedzie "
        "przyjada przyjedziemy przyjezdzamy przyjad* wysylamy we_are_sending sending will_come we_re_sending "
        "jedziemy jedzie_nas jada_od_nas delegujemy wydelegow* bedziemy_we will_attend are_coming dopisac dopisz* "
        "dopisuj*"
    ),
    "online": (
        "online zdaln* on_line hybryd* hybrid* remote* przez_internet teams zoom* przez_zoom wirtualn* virtual* "
        "link_do_transmisji transmisj* stream*"
    ),
    "cannot": (
        "nie_damy_rady nie_dam_rady nie_mozemy nie_moge nie_przyjedziemy nie_uda* nie_dojedz* cannot can_t can_not "
        "unable not_able nie_zdolamy nie_dotr* won_t_make can_not_make nie_zdazymy nie_jest_w_stanie "
        "nie_jestesmy_w_stanie"
    ),
    "come": (
        "przyjecha* dojecha* dotrz* dotrzec przyjedz* come attend travel przyjsc pojechac byc_na_miejscu make_it "
        "get_there uczestniczyc"
    ),
    "change": "zmian* zmien* zmieni* change* zamien* zamian* wymian* nowy_sklad aktualizac* update",
    "new": "nowa nowy nowe nowego nowej now* new dodatkow* another kolejna kolejny extra kolejnej",
    "joins": "dolacz* dochodz* dopisa* doda* dodaj* join* added add przyszl*_do przychodzi_do powiekszamy",
    "leaves": (
        "odchodz* odeszl* odszed* leav* left_the opuszcz* odejsc rezygnuje_z nie_pracuje no_longer_works "
        "nie_bedzie_juz przestaje stops"
    ),
    "did": (
        "robil* zrobil* robila robily robilo robiono wdroz* wdraza* realizow* zrealizow* zajmowal* zajmuj* "
        "mierzyl* testowal* probow* did done made has_done implement* tried introduc* zastosow* stosow* stosuj* "
        "wprowadz* zakladal* zalozyl* zaklada prowadzil* dealt worked_on built budow* zbudow* przerabial* "
        "has_already have_already przecwicz* mial_juz mialo_juz mialy_juz robi_juz ma_juz maja_juz udalo_sie "
        "has_tried has_made uruchom* utworzyl* stworzyl* carried_out przeprowadz* pracowal* pracuje_nad planted "
        "plant* sadzil* posadz* opracow* zrobion* wdrozon* wprowadzon*"
    ),
    "experience": (
        "doswiadcz* experience* zna_sie znaja_sie know-how praktyk* przyklad* expertise knows_about kto_wie "
        "zna_temat examples case_study good_practice* praktyk*_w wie_cos wiedz* can_help moze_pomoc pomoze_w "
        "podpowie podpowiedz* doradzic_w podzieli* knowledge z_kim_pogad* z_kim_porozmaw* who_can_i_talk "
        "who_should_i_talk who_could_i_talk"
    ),
    "said": (
        "mowil* mowily mowia mowi* powiedz* wspomin* wspomnial* poruszal* sadz* uwaza* mysl* said say saying says "
        "mention* told tell think raise* raised zglaszaly narzek* skarz* skarzyl* complain* opini* opinie "
        "uwagi_miast glos_miast stanowisko_miast pisal* napisaly pojawil* padl* talk* sygnalizow* podnosil* "
        "wypowiad* wypowiedz*"
    ),
    "comment": "uwag* komentarz* comment* remark* zastrzez* poprawk* skomentow* sugesti*",
    "add": (
        "dodaj* dodac dopisz* dopisac wpisz* wpisac add put_in wprowadz dorzuc* zapisz dolacz_do insert utworz* "
        "stworz* zaplanuj* zaplanowac create plan_a plan_an zalozyc zorganiz* organis* organiz* nowe_wydarzenie "
        "nowa_konferenc* new_event zglos zglaszam zglosic propon* proponuj* zapropon* propose suggest submit enter "
        "wstaw*"
    ),
    "save": (
        "zapisz* zapisac zanotuj* zanotow* save log record write_down notuj* odnotuj* note_down wpisz* dopisz* "
        "zarejestruj* zaloguj* dodaj* add store utrwal* create make write"
    ),
    "silent": (
        "nie_odzywa* nie_odezw* milcz* cisz* cicho bez_kontaktu brak_kontaktu silent quiet not_been_in_touch "
        "haven_t_been_in_touch not_heard haven_t_heard heard_nothing nieaktywn* inactive nie_kontaktow* "
        "nie_rozmawia* nie_mialy_konsult* bez_konsultacji bez_doradztwa no_contact gone_quiet out_of_touch "
        "nie_mielismy_kontaktu nie_bylo_kontaktu nie_daj*_znaku znaku_zycia nie_dawal* zamilk* not_been_heard "
        "not_contacted not_spoken without_a_session without_consultation* nie_bylo_zadnej zadnej_wiadomosci "
        "brak_wiadomosci no_word_from no_message* nie_bylo_wiadomosci"
    ),
    "confirm": (
        "potwierdz* potwierdzil* odpisa* odpowied* odpowiedz* odpowiada* confirm* reply replied replies answer* "
        "respond* rsvp zadeklarow* zapowiedz* zglosil* dal_znac daly_znac zareagow*"
    ),
    "not": "nie not no jeszcze_nie hasn_t haven_t didn_t yet brak* without bez zaleg* czekamy missing",
    "remind": "przypomn* przypomin* ponagl* pogon* popedz* remind* nudge* chase* szturchn* monit*",
    "mark": (
        "zaznacz* odnotuj* odhacz* mark tick wpisz* wpisac sprawdz* uzupelnij* zapisz* record note take check "
        "wprowadz* potwierdz* odnotow*"
    ),
    "replaced": (
        "zastap* zastepuj* zastepstw* replac* zamiast w_miejsce na_miejsce przejal* przejela took_over instead "
        "nastepc* succeed* successor"
    ),
    "news": (
        "co_nowego nowosci nowosc aktualnosci co_sie_zmienilo co_sie_dzialo co_sie_dzieje co_slychac "
        "co_sie_wydarzylo what_s_new whats_new what_is_new any_news news what_has_changed what_changed "
        "what_happened what_s_happened co_mnie_ominelo co_przegapil* jakies_nowosci zmienilo_sie_w ominelo "
        "anything_new what_has_happened what_did_i_miss"
    ),
    "for_us": (
        "do_nas dla_nas nam_przyp* nas_dotycz* dotycza_nas dotyczy_nas for_us to_us nas_skierow* skierowane_do "
        "addressed_to concern_us concerns_us naszego_resort* naszemu_resort* nasz_resort nasze_ministerst* "
        "do_naszego our_ministry naszego_ministerst* do_resort* do_ministerst* do_mkis do_kprm adresatem "
        "adresowan* adresow* directed_at"
    ),
    "want_change": "zmieni* zmian* chca change* amend* postuluj* proponuj* nowelizac* barier* przeszkad*",
    "state": (
        "stan stanie state status* postep* progress* zaawansow* jak_ida jak_idzie jak_stoja jak_stoi "
        "na_jakim_etapie jak_wyglada jak_wygladaja how_are how_is gotowosc how_far gdzie_jestesmy_z etap etapie "
        "ukonczen* stoimy"
    ),
    "risk": (
        "zagroz* ryzyk* risk* opozn* spozn* behind late zaleglos* problem*_z_term* endanger* falling nie_wyrob* "
        "w_tyle odstaj* nie_nadaz* slabo czerwon*_swiat* trouble struggl* nie_zdaz* sypie sypia nie_skoncz* "
        "czerwono na_czerwono w_ogonie"
    ),
    "compare": (
        "porown* compar* zestaw zestawic zestawienie_sieci roznic* versus vs obok_siebie na_tle w_porownaniu "
        "side_by_side"
    ),
    "quarter": "kwarta* quarter* polroc* miesieczn* roczn*",
    "ask_them": (
        "popros* poproscie wystap*_o zbierz* zebrac collect* request ask gather zwroc*_sie_do zapros*_do_uwag "
        "prosb* niech"
    ),
    "fewer": (
        "mniej_wiadomosci za_duzo_wiadomosci mniej_powiadom* fewer_messages too_many_messages less_messages "
        "nie_pisz stop_messaging wylacz_powiadom* fewer_notifications mniej_przypomnien za_duzo_powiadom* wycisz*"
    ),
    "my_data": (
        "moje_dane moich_danych co_o_mnie_wiecie co_o_mnie_wiesz my_data what_do_you_know_about_me rodo gdpr "
        "jakie_dane_o_mnie dane_o_mnie co_wiecie_o_mnie co_wiesz_o_mnie data_about_me o_mnie_przechow* "
        "personal_data danych_osobowych dane_osobowe"
    ),
    "want": (
        "chcemy chcielibysmy chcialbym chcialabym potrzebuj* potrzebna potrzebne want we_want we_would_like "
        "i_would_like would_like need d_like prosimy_o prosze_o poprosimy_o poprosze_o poprosic_o prosic prosi_o "
        "prosba_o"
    ),
    "hour": "na_ktora o_ktorej o_godz godzina godziny godzine godz what_time which_hour o_jakiej_godzinie od_ktorej",
    "had": "mialy mialo mial miala maja ma have has had",
    "best": "najlepiej najslabiej najgorzej najszybciej najwolniej best worst ahead lepiej gorzej",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What a meaning is made of: ``cores`` are alternatives, divided by „|”."""

    cores: str
    beside: str = ""
    never: str = ""


NEUTRAL = frozenset({"our", "not", "want", "give", "be", "had", "hello", "which", "city", "network", "person", "all"})
"""Ideas that are in every other sentence: they count against no rule."""

BEYOND = frozenset({"define", "delete"})
"""Ideas of what is never answered: a question that has one in it is not understood."""

RULES: dict[Meaning, Rule] = {
    Meaning.WHEN: Rule(
        ("when | where event | where next | next event | next session | where be | hour be | hour starts | hour event"),
        "our network city which person",
        never="move cancel",
    ),
    Meaning.PREPARE: Rule(
        "prepare",
        "which presentation event session our deadline next person hour",
        never="report",
    ),
    Meaning.AGENDA: Rule(
        "agenda",
        "event show give next which network when our",
        never="send",
    ),
    Meaning.DEADLINE: Rule(
        "deadline mid | deadline part | deadline deliver | when deliver mid | when deliver part",
        "our which city next",
        never="position confirm ministry",
    ),
    Meaning.MISSING: Rule(
        "missing mid | missing part",
        "our which not prepare add mark",
    ),
    Meaning.EXPERT: Rule(
        (
            "who expert | expert our | which expert | show expert | give expert | expert city | who session our "
            "| who advise | who expert city"
        ),
        "network person be had",
        never="question arrange silent move cancel save howmany said did new replaced",
    ),
    Meaning.GUARDIAN: Rule(
        "who guardian | guardian our | guardian network",
        "which city person be",
    ),
    Meaning.TEAM: Rule(
        "who team | show team | which team",
        "our city person be",
        never="replaced new leaves change joins add",
    ),
    Meaning.ARRANGE: Rule(
        "arrange session | arrange expert | want session | want expert",
        "our new event when next person be online hour part",
        never="move cancel save note howmany silent which question remind",
    ),
    Meaning.MOVE: Rule(
        "move | change when session | change when event | cannot change session",
        "our expert next person be want hour give arrange",
    ),
    Meaning.CANCEL: Rule(
        "cancel session | cancel event",
        "our cannot expert person next",
    ),
    Meaning.AGREEMENTS: Rule(
        "agreed | last session | show note session | last session note | said last session",
        "our which expert be who give",
        never="when next silent save howmany",
    ),
    Meaning.ASK_EXPERT: Rule(
        "question expert",
        "our arrange give send session you_can who want deliver",
        never="comment",
    ),
    Meaning.WHO_GOES: Rule(
        ("who goes | which goes | howmany goes | who confirm | who register | howmany register | who be event"),
        "city person our next presence team",
        never="not remind missing mark list excel starts when",
    ),
    Meaning.REGISTER: Rule(
        (
            "register person | register team | register event | send person | confirm our presence | goes "
            "person our | want register"
        ),
        "arrange city be online add joins",
        never="who which howmany not save note recommendation comment mid pu leaves replaced new session",
    ),
    Meaning.ONLINE: Rule(
        "online | cannot come | cannot be",
        "event our next person when you_can which session",
        never="change move cancel",
    ),
    Meaning.TEAM_CHANGE: Rule(
        (
            "change team | change person | new person | joins team | joins person | leaves team | leaves person "
            "| person replaced | new team"
        ),
        "our add city",
        never="expert who which howmany event",
    ),
    Meaning.EXPERIENCE: Rule(
        "who did | city did | network did | experience | where did | who help_in | which city had",
        "our show give person",
        never="session event risk survey silent when said pu mid part law want_change recommendation",
    ),
    Meaning.SAID: Rule(
        "said",
        "which network session who last our show did ask_them missing not",
        never="add deadline",
    ),
    Meaning.MATERIALS: Rule(
        "presentation",
        "send show give where event last our person which be network message for_us not want",
        never="prepare",
    ),
    Meaning.COMMENT: Rule(
        "comment pu | comment recommendation | change pu | change recommendation",
        "our add register arrange give send ministry network position want new part",
        never="ask_them deadline who which said",
    ),
    Meaning.RECOMMEND: Rule(
        "add recommendation | add pu | new recommendation | save recommendation",
        "our law arrange give category register network city change want_change want joins had",
        never="comment deadline which howmany for_us",
    ),
    Meaning.ADD_TO_MID: Rule(
        "add mid | add part | comment mid | save mid",
        "our arrange new",
        never="which deadline missing",
    ),
    Meaning.LOG_SESSION: Rule(
        "save note | save session | note session | add note | mark session",
        "city expert our arrange event person be agreed register joins want part data when",
        never="which show howmany silent last cancel move give",
    ),
    Meaning.SILENT: Rule(
        "silent | city not session",
        "which who expert show last our network said message had want give list",
        never="confirm remind",
    ),
    Meaning.SESSIONS_COUNT: Rule(
        "howmany session | howmany advise",
        "city our expert last be did network had",
        never="not",
    ),
    Meaning.SHOW_MID: Rule(
        "mid | show part",
        "which our give send where city",
        never="state risk missing deadline add howmany new",
    ),
    Meaning.SHOW_PU: Rule(
        "pu | show recommendation | list recommendation",
        "which our give send where network state all",
        never="comment add for_us deadline howmany law ask_them position category did ministry",
    ),
    Meaning.ASK_COMMENTS: Rule(
        "ask_them comment | send network comment | send city comment",
        "pu recommendation all deadline question mid our person message want",
    ),
    Meaning.OWING: Rule(
        (
            "who not confirm | which not confirm | not confirm | who not register | city not register | who not "
            "goes | missing confirm | who missing confirm"
        ),
        "person event presence howmany list show our team be want give",
        never="remind silent",
    ),
    Meaning.CHASE: Rule(
        "remind",
        "not confirm which who city send person all event goes register missing network team",
        never="when",
    ),
    Meaning.SEND_AGENDA: Rule(
        "send agenda",
        "network event all city next person our give ask_them want",
    ),
    Meaning.PRESENCE: Rule(
        "mark presence | save presence | mark event who | mark who presence",
        "last person list our team be confirm want all",
        never="excel give send",
    ),
    Meaning.SURVEY: Rule(
        "survey",
        ("event send last show give where session all person our network when be state which said ask_them want"),
    ),
    Meaning.REPLACED: Rule(
        (
            "who replaced | who new person | who new team | who change team | who joins team | who leaves | who "
            "change person"
        ),
        "city be our which had",
    ),
    Meaning.NEWS: Rule(
        "news",
        "network our last new change city which show event be",
    ),
    Meaning.FOR_US: Rule(
        "recommendation for_us | recommendation our | recommendation ministry | pu for_us | pu ministry",
        "which show list law give city had be",
        never="add comment deadline category position",
    ),
    Meaning.POSITION_DUE: Rule(
        (
            "position | deadline ministry | deadline comment | deadline confirm | deadline recommendation | "
            "deadline ministry confirm"
        ),
        "our pu when give deliver for_us howmany missing",
        never="ask_them add expert mid part",
    ),
    Meaning.LAW: Rule(
        "law",
        ("which city want_change recommendation pu network show change said our give arrange move list want had"),
        never="add save howmany deadline comment did",
    ),
    Meaning.MID_STATE: Rule(
        "state mid | state part | state city | howmany mid",
        "network show which all our give list deliver be prepare",
        never="missing",
    ),
    Meaning.AT_RISK: Rule(
        "risk",
        "city which mid who network show list part our be deadline not where had",
    ),
    Meaning.COMPARE: Rule(
        "compare | network best",
        "city show list state which mid our give all had",
    ),
    Meaning.CATEGORIES: Rule(
        "howmany recommendation | recommendation category | howmany category",
        "which network pu all list show law be our",
        never="add",
    ),
    Meaning.PEOPLE_LIST: Rule(
        "excel | list presence | list person | who presence | which presence | howmany presence",
        "event give send show last our network be city register goes want not",
        never="mark",
    ),
    Meaning.REPORT: Rule(
        "report",
        "quarter last give send show network prepare our state arrange be add save new want",
        never="session",
    ),
    Meaning.NEW_ACTIVITY: Rule(
        "add event | new event | save event | arrange event",
        "network city next our be online joins want",
        never=(
            "presence note session expert survey agenda who confirm remind move cancel person which when where "
            "hour goes"
        ),
    ),
    Meaning.ANNOUNCE: Rule(
        (
            "announcement | send message all | send message city | send message network | message all city | "
            "send all city | message all | send message event city | deliver message city"
        ),
        "add new arrange give our person want be online",
        never="agenda survey presentation",
    ),
    Meaning.MY_DATA: Rule(
        "my_data",
        "data our show give which",
    ),
    Meaning.FEWER: Rule(
        "fewer",
        "message our send give",
    ),
    Meaning.HELP: Rule(
        "help | hello | you_can",
        "our give",
    ),
}
