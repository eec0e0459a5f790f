"""The grammar of questions: ideas by the words that bear them, and meanings by the ideas they are made of.

A word that ends with ``*`` stands for everything that begins like it; ``_`` joins words that stand together. All are
folded: small letters without diacritics, Polish and English in one list.

A rule is met when all ideas of one of its ``cores`` are heard and none of ``never``. Then its words are weighed: those
of the core count for it most, those of ``beside`` a little, and words that bear ideas of which the rule knows nothing
count against it. The rule with most weight tells the meaning, if it is well ahead of the next; else nothing is
understood. A rule that does not know every word that asks for something or orders something is not met at all.
"""

from dataclasses import dataclass

from pim_bot.programme.questions.question import Meaning

IDEAS: dict[str, str] = {
    # asking
    "who": (
        "kto kogo komu kim who whom z_kim do_kogo jak_sie_nazywa "
        "jak_nazywa nazwisko nazwiska imie_i_nazwisko name_of the_name"
    ),
    "anyone": "ktos ktokolwiek kogos komus anyone anybody somebody someone",
    "ask_me": (
        "przypomn*_kto przypomn*_co przypomn*_kiedy przypomn*_gdzie przypomn*_mi przypomn*_nam przypomn*_ktos "
        "przypomn*_jak* przypomn*_ktor* przypomn*_ile przypomn*_o_ktorej remind_me remind_us powiedz "
        "powiedzcie tell_me tell_us let_me_know daj_mi_znac napisz_mi napisz_nam powiedziec moglby_ktos "
        "poprosze poprosimy prosilbym prosilabym przypomn*_prosze przypomn*_ustal* przypomn*_date "
        "przypomn*_termin* przypomn*_sobie przypomn*_czy prosze_o prosimy_o przypomna przypomna_panstwo"
    ),
    "when": (
        "kiedy o_ktorej od_ktorej ktorego_dnia jakiego_dnia w_jakim_terminie w_jakich_dniach w_jakie_dni when "
        "what_time which_day what_day what_date o_jakiej_godzinie jaka_data data_warsztat* data_spotkan* "
        "jaki_termin jakie_terminy termin terminy date dates ktorej_godziny jaka_godzina daty"
    ),
    "where": "gdzie dokad w_jakim_miescie w_ktorym_miescie where jakie_miejsce ktorym_miejscu",
    "which": "ktorego ktorej ktore ktora ktory ktorych ktorzy ktorym jakie jaki jakich jaka which what",
    "howmany": (
        "ile ilu how_many how_much liczb* number_of zlicz* policz* count jak_czesto ile_razy how_often "
        "procent procentow odsetek rozklad ilosc"
    ),
    "show": (
        "pokaz* pokazac wyswietl* otworz* zobacz* obejrz* zajrz* podejrz* show display open see view look "
        "sprawdz* przejrz* przeczyt* przegladn* poczyta* streszcz* strescic streszcz podsumuj jak_wyglada "
        "let_me_see"
    ),
    "send": (
        "wysl* wyslij przesl* przeslij posl* rozesl* podesl* podrzuc* send forward share mail udostepni* "
        "udostepnij przekaz* dostanie dostana dostali rozesla* pusc puscic puscmy puszcz* uruchom* odpal* "
        "dostac dostaja circulate distribute rozdaj* rozdac rozsyl* przesyl* przekazmy podaj_dalej maila_z"
    ),
    "give": (
        "daj podaj give get wygeneruj* przygotuj zrob generate download pobierz pobrac pobrania sciagn* "
        "wyciagn* eksport* export* chce podajcie dajcie wskaz wskazac wskazcie przedstaw* podac dac wypisz* "
        "wymien* poda"
    ),
    "be": (
        "mamy_byc byc be_in stawic przyjechac przyjezdza* we_be should_be dojechac widzimy spotykamy spotyka "
        "spotkamy zaczyna* startuje* odbyw* odbed* odbedzie meet start starts begin begins is_held take_place "
        "takes_place odbyl* zaplanowan* planowan* planuj* oczekuj* przyjezdz*"
    ),
    "starts": (
        "zaczyna* zaczynamy rozpocz* rozpoczyna* startuj* start starts begin* poczatek ruszamy rozpoczecia "
        "rozpoczecie rusza rusza* startu* zaczynaja"
    ),
    "next": "najblizsz* nastepn* kolejn* next upcoming nearest coming",
    "last": "ostatni* poprzedni* last previous latest recent* niedawno",
    "our": "nasz* nas nam nami our us we mnie moj* my mine me",
    "you_can": (
        "co_umiesz co_potrafisz co_mozesz jak_dzialasz what_can_you jak_z_toba jak_tego_uzywac "
        "do_czego_sluzysz w_czym_mozesz how_do_you_work how_does_this_work kim_jestes who_are_you"
    ),
    "hello": "dzien_dobry czesc witam hello hi hej good_morning siema dobry",
    "help": "pomoc pomocy pomoz help instrukcja komendy polecenia commands",
    "delete": "usun* usuwa* skasuj* wyrzuc* delete remove erase",
    "define": "co_to_jest co_to_znaczy czym_jest czym_sa co_oznacza what_is_a what_is_an what_does",
    "waiting": (
        "na_mnie_czeka czeka_na_mnie na_nas_czeka czeka_na_nas na_mnie_czekaja czekaja_na_mnie moje_sprawy "
        "moje_zadania do_zrobienia mam_do_zrobienia mam_zrobic mam_odpowiedziec waiting_for_me waits_for_me "
        "waiting_for_us waits_for_us my_tasks to_do i_have_to_do have_to_answer"
    ),
    # things
    "event": (
        "warsztat* spotkan* wydarzen* wizyt* konferencj* webinar* szkolen* zjazd* workshop* meeting* event* "
        "activit* visit* conference* seminar* wyjazd* trip* training* podroz* konferencyj*"
    ),
    "session": (
        "konsultac* doradztw* sesj* session* consultation* advice advisory advising porad* konsult rozmow* "
        "rozmaw* talk_with spoke_with spoke_to call_with konsultow* doradcz* porozmawia* pogada* pogadac "
        "porozmawiac spotkan*_z_ekspert* spotkan*_doradcz*"
    ),
    "expert": (
        "ekspert* expert* specjalist* adviser* advisor* banku_swiatow* bank_swiatow* world_bank z_banku bs doradca "
        "doradcy doradczyni doradczynie"
    ),
    "advise": "doradza* doradzaja wspiera* opiekuje advis* supports helps_us",
    "help_in": "moze_pomoc pomoze_w podpowie* doradzi_w can_help help_with wie_cos zna_sie znaja_sie",
    "guardian": "opiekun* guardian* koordynator* coordinator* animator* opiekuje opiekunk* opiekunem opiekunowi",
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
        "osob* person people kolezank* koleg* pracowni* kogos czlowiek* delegat* uczestnik* przedstawiciel* "
        "colleague* pan pani pania participant* someone_else dwoje troje os"
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
        "oceny ocene ocenic opinie_uczestni* opinie_po opini*_po_warsztat* ankietk* ocen ewaluacyjn*"
    ),
    "presence": (
        "obecnos* obecny obecni attendance presence przyszedl przyszla przyszli frekwencj* was_there "
        "showed_up obecnych obecnosci* nieobecn* obecnymi absencj*"
    ),
    "list": "lista liste listy list zestawienie wykaz* spis imienn* zestawienia rejestr*",
    "excel": "excel* xls* xlsx arkusz* spreadsheet csv tabelk* eksport* wyeksport* export*",
    "report": (
        "raport* report* sprawozdan* podsumowan*_kwarta* podsumowani*_kwarta* raporcik raportu "
        "podsumowan*_trzech podsumowan*_miesi*"
    ),
    "position": (
        "stanowisk* position* stance opini*_resort* odnies* opini*_ministerst* opinie_o_pu opinii_resortu "
        "opini*_o_projekc* zajac_stanowisk* odniesc_sie swoja_opini* stanowiska respond odpowiedziec"
    ),
    "law": (
        "przepis* prawo prawn* prawa ustaw* law laws legal legislat* regulation* regulac* rozporzadz* "
        "legislac* nowelizac* w_prawie legislacj* aktow akty_prawne ustawy ustaw"
    ),
    "ministry": "resort* ministerst* ministry ministries ministra departament* mkis kprm mfipr mswia mf",
    "category": "kategori* zakres* categor* rodzaj* scope*",
    "announcement": "ogloszen* oglos* announce* komunikat* broadcast* obwieszcz* oglasz*",
    "all": "wszystk* wszyscy all everyone everybody every kazdego kazdym calej kazdemu kazda kazdy",
    "message": (
        "wiadomosc* message* informacj* info informacje informacja maila mailem maile mailing e_mail email emaila"
    ),
    "note": "notatk* note notes zapisek zapiski notke",
    "data": "dane danych danymi data informacje_o_mnie rodo gdpr",
    "question": (
        "pytani* zapyta* pytam spyta* question* ask zapytac spytac dopyta* zagadn* watpliwos* odpowiedz_ekspert* "
        "doubt* answer_from"
    ),
    "contact": "kontaktu kontakt kontaktow kontakty contact telefon mail maila namiary adres",
    "ours": "nasz* moj moja moje mojej mojego moim our my mine",
    "i_tell": "informuje informujemy donosze dajemy_znac we_inform i_inform uprzejmie_informuj* przekazujemy_ze",
    "talk": (
        "pogadac porozmawiac pogadajmy spotkac_sie spotkanie_z_ekspert* skonsultowac talk_to talk_with "
        "speak_to speak_with meet_with rozmowe_z rozmowa_z godzinke spotkac"
    ),
    "invited": "zaproszen* zaproszeni invited invitation",
    "register_us": (
        "nas_zapisac zapisac_nas nas_wpisac wpisac_nas nas_dopisac dopisac_nas mnie_zapisac mnie_dopisac "
        "zapisac_mnie "
        "dopisac_mnie zapisz_nas zapiszcie_nas nas_zglosic zglosic_nas sign_us_up register_us put_us_down count_us_in"
    ),
    "speak_up": "odzywa* odezw* odzyw* znaku_zycia sie_nie_odzyw* respond kontaktowal* dzwonil* pisze",
    "written": "napisa* wypeln* uzupeln* opisa* wpisal* wpisan* written filled zapisaly zapisano",
    "calendar": "kalendarz* calendar",
    "flaw": (
        "blad bledu bledy bledow bledn* pomylk* niescisl* niejasn* zle_opis* zle_zapis* zle_ujet* nieaktualn* "
        "error errors wrong mistake mistakes inaccurate outdated poprawic poprawy nie_zgadzam* nie_zgadza* "
        "disagree zapisem zapisu"
    ),
    "already": "juz already kiedys kiedykolwiek ever",
    "instead": "zamiast instead",
    "i_confirm": (
        "potwierdzam potwierdzamy deklaruje deklarujemy zglaszam zglaszamy zapisuje zapisujemy melduje meldujemy "
        "we_confirm i_confirm delegujemy wysylamy"
    ),
    "taking_part": "udzial udzialu participation uczestnictwo",
    "turn_to": "zwraca* zwroc* kontaktow* skontaktow* nalezy podlega* przypisan* przydziel* reach",
    "used": "wykorzyst* zuzy* skorzyst* korzyst* zrealizow* wykonan*",
    "was_there": (
        "kto_byl kto_byla kogo_nie_bylo kto_nie_byl kto_jest_na kto_dzis_jest kto_jest_dzis na_sali byli_obecni "
        "nie_bylo_nikogo kto_dojechal kto_przyjechal kto_dotarl who_came who_was_there"
    ),
    # doing
    "tell": (
        "poinform* powiadom* zawiadom* daj_znac dajcie_znac dac_znac napisz napiszcie napisac powiedz_miast* "
        "powiedz_siec* powiedz_wszyst* powiedz_uczest* powiedz_im tell inform notify let_everyone_know "
        "let_them_know let_all let_the zakomunikuj* przekaz* przekazac write_to ogloscie zapowiedz* rozglos* "
        "przekazcie announce_that spread_the_word informuj informujcie"
    ),
    "prepare": (
        "przygotow* przygotuj* prepare* preparation zabrac zabieramy wziac bring przyniesc naszykow* szykow* "
        "zadanie_domowe homework zrobic_na zrobic_do have_ready gotowe_na ready_for miec_gotow* miec_na "
        "miec_ze_soba mielismy_zrobic mamy_zrobic powinnismy_miec should_we_bring przyszykow* przyszykuj* "
        "naszykuj* szykuje* z_czym_przy* z_czym_mamy z_czym_przyjsc wziac_ze_soba zabrac_ze_soba przywiez* "
        "potrzebne_na ze_soba_miec ze_soba_wziac ze_soba_zabrac ze_soba_przywiezc do_przygotowania "
        "sa_potrzebne potrzebne_sa jest_potrzebn* potrzebn*_od_nas od_nas_potrzebn*"
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
        "brak* brakuj* missing lack* zostalo pozostalo niegotow* pusty puste pustych empty uzupelni* "
        "niewypeln* nie_mamy left_to still_need still_lack do_zrobienia unfinished incomplete niedokoncz* "
        "not_done dokoncz* do_uzupeln* do_dopisania nie_napis* czego_nie_ma nie_ma_w nie_zrobil* nie_wypeln* "
        "jeszcze_nie not_written not_yet brakujac*"
    ),
    "arrange": (
        "umow* umaw* umowic ustawic ustaw zarezerw* rezerw* arrange* book schedule set_up zaplanuj* zaplanowac "
        "spotkac_sie termin_na_konsult* zamowic"
    ),
    "move": (
        "przeloz* przelozyc przeniesc przenies* przesun* przesuniecie move reschedule* postpone* "
        "zmien*_termin* zmian*_termin* inny_termin innym_terminie another_date different_date inny_dzien "
        "push_back przekladamy different_time another_time pozniejszy_termin wczesniejszy_termin delay "
        "przelozenie przesuwa* przestaw* przeloz przekladac przenosimy przesuniemy nowy_termin nowego_terminu "
        "nowa_data new_date innej_godzin* shift"
    ),
    "cancel": "odwol* odwolac odwolujemy anuluj* cancel* call_off rezygnuj*",
    "agreed": (
        "ustalen* ustalilismy ustalono ustalili ustalone uzgodn* agreed agree agreement* umowilismy_sie "
        "stanelo zapadl* wnioski_z doszlismy decisions decyzje_z podjelis* decided na_czym_skonczyl* "
        "na_czym_stanel* na_czym_stanelo postanow* do_czego_doszl* wnioski_z* ustalic ustal*_z"
    ),
    "goes": (
        "jedzie jedziecie jada jedziemy pojedzie pojada wybiera_sie bierze_udzial wezmie_udzial biora_udzial "
        "uczestniczy bedzie_na going goes travel* attends attending uda_sie leci leca wysyla reprezent* "
        "represent* uczestniczyl* jezdzi lata takes_part taking_part taking is_coming zapisal* zglosil* "
        "zglosily_sie na_liscie on_the_list zapisan* zgloszon* kto_bedzie kogo_wysyla kogo_wysylaja signed_up "
        "kto_wybiera wybieraj* kto_przyjedz* kto_przyjezdz* who_is_coming coming_from kto_poleci ktos_z "
        "bedzie_ktos"
    ),
    "register": (
        "zglasza* zglosic zglosi* zglasz* zapisuje* zapisujemy zapisac zapisz* register* sign_up enrol* "
        "przyjedzie przyjada przyjedziemy przyjezdzamy przyjad* wysylamy we_are_sending sending will_come "
        "we_re_sending jedziemy jedzie_nas jada_od_nas delegujemy wydelegow* bedziemy_we will_attend "
        "are_coming dopisac dopisz* dopisuj* wpisac wpisz wpiszcie zapiszcie deklaruj* zadeklar* "
        "reprezentowan* przyjezdza przyjezdzaja stawi*_sie will_join od_nas_bed* dopiszcie bedzie_nas "
        "beda_od_nas zglosi zglosza rezerwacj*_miejsc* miejsca_dla bierzemy_udzial wezmiemy_udzial bedziemy_w "
        "we_ll_be we_will_be"
    ),
    "online": (
        "online zdaln* on_line hybryd* hybrid* remote* przez_internet zoom* przez_zoom wirtualn* virtual* "
        "link_do_transmisji transmisj* stream* link linka przez_teams na_teams via_teams on_teams teamsach "
        "teamsie ms_teams podlaczyc podlaczy* polaczyc_sie transmit* z_biura webex zdalna zdalny polaczyc"
    ),
    "cannot": (
        "nie_damy_rady nie_dam_rady nie_mozemy nie_moge nie_przyjedziemy nie_uda* nie_dojedz* cannot can_t "
        "can_not unable not_able nie_zdolamy nie_dotr* won_t_make can_not_make nie_zdazymy nie_jest_w_stanie "
        "nie_jestesmy_w_stanie odpada odpadl* nie_pasuj* wypad* nie_moze nie_moga choruj* chory chora l4 "
        "zwolnieniu nie_dojedziemy"
    ),
    "come": (
        "przyjecha* dojecha* dotrz* dotrzec przyjedz* come attend travel przyjsc pojechac byc_na_miejscu make_it "
        "get_there uczestniczyc"
    ),
    "change": "zmian* zmien* zmieni* change* zamien* zamian* wymian* nowy_sklad aktualizac* update",
    "new": "nowa nowy nowe nowego nowej now* new dodatkow* another kolejna kolejny extra kolejnej",
    "joins": (
        "dolacz* dochodz* dopisa* doda* dodaj* join* added add przyszl*_do przychodzi_do powiekszamy doszl* "
        "wchodzi dochodzi"
    ),
    "leaves": (
        "odchodz* odeszl* odszed* left_the opuszcz* odejsc rezygnuje_z nie_pracuje no_longer_works "
        "nie_bedzie_juz przestaje stops odejdz* odejsci* leaving leaves zegna* zegnamy konczy_prace "
        "przechodzi_do macierzynsk* emerytur* przestal* stopped"
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
        "mowil* mowily mowia mowi* powiedzial* powiedzieli wspomin* wspomnial* poruszal* sadz* uwaza* mysl* "
        "said say saying says mention* told tell think raise* raised zglaszaly narzek* skarz* skarzyl* "
        "complain* opini* opinie uwagi_miast glos_miast stanowisko_miast pisal* napisaly pojawil* padl* talk* "
        "sygnalizow* podnosil* wypowiad* wypowiedz* padal* glosy zglaszal* poruszan* wypowiedzi* skarzono "
        "narzekan* mowion* mowilo brought_up skarzyly narzekal*"
    ),
    "comment": "uwag* komentarz* comment* remark* zastrzez* poprawk* skomentow* sugesti*",
    "add": (
        "dodaj* dodac dopisz* dopisac wpisz* wpisac add put_in wprowadz dorzuc* zapisz dolacz_do insert utworz* "
        "stworz* zaplanuj* zaplanowac create plan_a plan_an zalozyc zorganiz* organis* organiz* nowe_wydarzenie "
        "nowa_konferenc* new_event zglos zglaszam zglosic propon* proponuj* zapropon* propose suggest submit enter "
        "wstaw*"
    ),
    "save": (
        "zapisz* zapisac zanotuj* zanotow* save log record write_down notuj* odnotuj* note_down wpisz* "
        "dopisz* zarejestruj* zaloguj* dodaj* add store utrwal* create make write wpisac wpisuje odnotowac "
        "zarejestrowac zaloguj"
    ),
    "silent": (
        "nie_odzywa* nie_odezw* milcz* cisz* cicho bez_kontaktu brak_kontaktu silent quiet not_been_in_touch "
        "haven_t_been_in_touch not_heard haven_t_heard heard_nothing nieaktywn* inactive nie_kontaktow* "
        "nie_rozmawia* nie_mialy_konsult* bez_konsultacji bez_doradztwa no_contact gone_quiet out_of_touch "
        "nie_mielismy_kontaktu nie_bylo_kontaktu nie_daj*_znaku znaku_zycia nie_dawal* zamilk* not_been_heard "
        "not_contacted not_spoken without_a_session without_consultation* nie_bylo_zadnej zadnej_wiadomosci "
        "brak_wiadomosci no_word_from no_message* nie_bylo_wiadomosci bez_wiesci nie_bylo_wiesci "
        "zadnych_wiesci brak_sygnal* nie_dawalo in_touch nie_ma_z_nimi"
    ),
    "confirm": (
        "potwierdz* potwierdzil* odpisa* odpowied* odpowiedz* odpowiada* confirm* reply replied replies "
        "answer* respond* rsvp zadeklarow* zapowiedz* zglosil* dal_znac daly_znac zareagow* potwierdzen* "
        "odpowiedzi dali_odpowiedz dalo_odpowiedz dal_odpowiedz brak_odpowiedzi niezdecydowan* owe owe_us"
    ),
    "not": "nie not no jeszcze_nie hasn_t haven_t didn_t yet brak* without bez zaleg* czekamy missing",
    "remind": (
        "przypomn* przypomin* ponagl* pogon* popedz* remind* nudge* chase* szturchn* monit* poganiaj* "
        "pogania* ponaglen* ponagla* ping prod poke upomn* przypominajk* zmobilizuj* ponow* dopytaj* szturch* "
        "zapukaj*"
    ),
    "mark": (
        "zaznacz* odnotuj* odhacz* mark tick wpisz* wpisac uzupelnij* zapisz* record note take check "
        "wprowadz* odnotow* sprawdz*_obecnosc sprawdz*_liste uzupelnic zaznaczamy wprowadzic odznacz* "
        "do_uzupelnienia uzupelnienia zaznaczyc wpisuje odnotowac"
    ),
    "replaced": (
        "zastap* zastepuj* zastepstw* replac* zamiast w_miejsce na_miejsce przejal* przejela took_over "
        "instead nastepc* succeed* successor po_pani po_panu za_pana za_pania za_tego_pana za_te_pania "
        "za_informaty* obowiazki_po przejmuj* zastapi* wszedl_za weszla_za"
    ),
    "news": (
        "co_nowego nowosci nowosc aktualnosci co_sie_zmienilo co_sie_dzialo co_sie_dzieje co_slychac "
        "co_sie_wydarzylo what_s_new whats_new what_is_new any_news news what_has_changed what_changed "
        "what_happened what_s_happened co_mnie_ominelo co_przegapil* jakies_nowosci zmienilo_sie_w ominelo "
        "anything_new what_has_happened what_did_i_miss skrot_zmian co_dzialo co_nowego_w co_zaszlo co_doszlo "
        "co_przybylo nowego nowosci* przeglad_zmian what_has_been_happening jakie_zmiany_w_sieci "
        "skrot_wydarzen zmiany_od"
    ),
    "for_us": (
        "do_nas dla_nas nam_przyp* nas_dotycz* dotycza_nas dotyczy_nas for_us to_us nas_skierow* skierowane_do "
        "addressed_to concern_us concerns_us naszego_resort* naszemu_resort* nasz_resort nasze_ministerst* "
        "do_naszego our_ministry naszego_ministerst* do_resort* do_ministerst* do_mkis do_kprm adresatem "
        "adresowan* adresow* directed_at"
    ),
    "want_change": (
        "zmieni* zmian* chca change* amend* postuluj* proponuj* nowelizac* barier* przeszkad* wnioskuj* "
        "domagaj* pozmienia* chcialyby chcialoby chcieliby oczekuj* poprawic zadaj* nowelizacj* usprawn* "
        "proponow* postulowan* zglaszan* wyrzuc* skresl* uchyl* uprosc*"
    ),
    "state": (
        "stan stanie state status* postep* progress* zaawansow* jak_ida jak_idzie jak_stoja jak_stoi "
        "na_jakim_etapie jak_wyglada jak_wygladaja how_are gotowosc how_far gdzie_jestesmy_z etap etapie "
        "ukonczen* stoimy stand stands jak_stoimy stoja stoi posuwaj* posuwa* zaawansowani* jak_miasta_stoja "
        "gotowych gotowe jak_wypada* how_far_along stanu przeglad_zaawans* skonczyl* najbardziej_zaawans*"
    ),
    "risk": (
        "zagroz* ryzyk* risk* opozn* spozn* behind late zaleglos* problem*_z_term* endanger* falling "
        "nie_wyrob* w_tyle odstaj* nie_nadaz* slabo czerwon*_swiat* trouble struggl* nie_zdaz* sypie sypia "
        "nie_skoncz* czerwono na_czerwono w_ogonie nie_dowiez* dowiez* dowioz* poslizg* tyly niepokoj* "
        "nie_zdaza nie_dadza problemy klopot* slabe zapozn* delayed slipping martwic martwi z_problemami "
        "likely_to_miss miss_the nie_zdazyc"
    ),
    "topics": (
        "tematy tematow topics zglosic_temat zglaszam_temat zglaszamy_temat nasz_temat temat_na_warsztat* "
        "temat_na_spotkan* propose_a_topic suggest_a_topic our_topic topic_for_the"
    ),
    "assign": "przypisz* przypisac przypisan* przydziel* wyznacz* assign* appoint*",
    "compare": (
        "porown* compar* zestaw zestawic zestawienie_sieci roznic* versus vs obok_siebie na_tle w_porownaniu "
        "side_by_side zestawmy zestaw_ze_soba wypada wypadaj*"
    ),
    "quarter": (
        "kwarta* quarter* polroc* miesieczn* roczn* kwartal* i_kwartal trzech_miesiecy trzy_miesiace pol_roku polroczn*"
    ),
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
        "i_would_like would_like need d_like prosimy_o prosze_o poprosimy_o poprosze_o poprosic_o prosic "
        "prosi_o prosba_o interesuje szukam szukamy trzeba musimy musze"
    ),
    "hour": (
        "na_ktora o_ktorej o_godz godzina godziny godzine godz what_time which_hour o_jakiej_godzinie "
        "od_ktorej hour hours godzin pol_godziny half_an_hour"
    ),
    "had": (
        "mialy mialo mial miala maja ma have has had mialem mialam mielismy mialysmy dal dala dali dalo daly "
        "bylo byla byli byly"
    ),
    "best": "najlepiej najslabiej najgorzej najszybciej najwolniej best worst ahead lepiej gorzej najbardziej",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What a meaning is made of: ``cores`` are alternatives, divided by „|”."""

    cores: str
    beside: str = ""
    never: str = ""


NEUTRAL = frozenset(
    {
        "ask_me",
        "i_tell",
        "our",
        "not",
        "want",
        "give",
        "be",
        "had",
        "hello",
        "which",
        "city",
        "network",
        "person",
        "all",
    }
)
"""Ideas that are in every other sentence: they count against no rule."""

BEYOND = frozenset({"define", "delete"})
"""Ideas of what is never answered: a question that has one in it is not understood."""

ASKING = frozenset(
    [
        "who",
        "when",
        "where",
        "which",
        "howmany",
        "hour",
        "show",
        "give",
        "send",
        "want",
        "list",
        "you_can",
        "ask_me",
        "compare",
        "deadline",
        "help",
        "state",
        "excel",
    ]
)
"""Ideas by which something is asked for, without a question mark."""

DECISIVE = frozenset(
    [
        "who",
        "howmany",
        "where",
        "tell",
        "send",
        "register",
        "arrange",
        "move",
        "cancel",
        "joins",
        "leaves",
        "add",
        "save",
        "confirm",
        "remind",
        "mark",
        "ask_them",
        "deliver",
        "announcement",
        "replaced",
        "leaves",
    ]
)
"""Ideas of what is asked or shall be done: a rule that does not know of one of them in a sentence is not met."""

WEAK = frozenset(["mid", "pu", "presentation", "report", "survey", "law", "agenda", "risk", "when", "agreed"])
"""Ideas that stand in sentences about anything: alone they tell a meaning only if every other word is known as well."""

FORMS = frozenset(
    {
        Meaning.ARRANGE,
        Meaning.MOVE,
        Meaning.CANCEL,
        Meaning.ASK_EXPERT,
        Meaning.REGISTER,
        Meaning.TEAM_CHANGE,
        Meaning.COMMENT,
        Meaning.RECOMMEND,
        Meaning.ADD_TO_MID,
        Meaning.LOG_SESSION,
        Meaning.ASK_COMMENTS,
        Meaning.CHASE,
        Meaning.SEND_AGENDA,
        Meaning.PRESENCE,
        Meaning.NEW_ACTIVITY,
        Meaning.ANNOUNCE,
        Meaning.TOPICS,
        Meaning.ASSIGN,
        Meaning.FEWER,
    }
)
"""What somebody wants done, not known: it is answered with a button, and may also be told („Zgłaszam dwie osoby”)."""

RULES: dict[Meaning, Rule] = {
    Meaning.WAITING: Rule(
        "waiting",
        "our show which next give",
    ),
    Meaning.WHEN: Rule(
        ("when | where event | where next | next event | next session | where be | hour be | hour starts | hour event"),
        "our network city which person invited be hour had give",
        never="move cancel mid part pu recommendation position comment report survey",
    ),
    Meaning.PREPARE: Rule(
        "prepare",
        "which presentation event session our deadline next person hour ask_me be come",
        never="report",
    ),
    Meaning.AGENDA: Rule(
        "agenda",
        "event show give next which network when our",
        never="send",
    ),
    Meaning.DEADLINE: Rule(
        "deadline mid | deadline part | when part | deadline deliver | when deliver mid | when deliver part",
        "our which city next howmany when send prepare part mid deliver",
        never="position confirm ministry",
    ),
    Meaning.MISSING: Rule(
        "missing mid | missing part | not written mid | not written part",
        "our which not prepare add mark written had missing mid part",
    ),
    Meaning.EXPERT: Rule(
        (
            "who expert | expert ours | which expert | show expert | give expert | expert city | who session our "
            "| who advise | who expert city"
        ),
        "network person be had team turn_to ministry contact our assign",
        never="question arrange silent move cancel save howmany said did new replaced",
    ),
    Meaning.GUARDIAN: Rule(
        "who guardian | guardian our | guardian network",
        "which city person be contact turn_to our ministry",
    ),
    Meaning.TEAM: Rule(
        "who team | show team | which team",
        "our city person be",
        never="replaced new leaves change joins add",
    ),
    Meaning.ARRANGE: Rule(
        (
            "arrange session | arrange expert | hour expert | talk expert | when talk expert | want session | "
            "want expert"
        ),
        "our new event when next person be online hour part talk expert session mid give",
        never="move cancel save note howmany silent which question remind change cannot",
    ),
    Meaning.MOVE: Rule(
        (
            "move | change when session | change when event | cannot change session | instead session | instead "
            "event | instead talk | cannot session | change hour session | change hour event"
        ),
        "our expert next person be want hour give arrange session event cannot when instead",
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
        (
            "who goes | which goes | howmany goes | who confirm | who register | howmany register | who be event "
            "| which person goes | list person event | who invited"
        ),
        "city person our next presence team event taking_part list",
        never="not remind missing mark list excel starts when",
    ),
    Meaning.REGISTER: Rule(
        (
            "register person | register team | register event | send person | confirm our presence | goes "
            "person our | i_confirm person | i_confirm event | i_confirm taking_part | taking_part person | "
            "register_us"
        ),
        (
            "arrange city be online add joins event taking_part confirm team save mark list ask_me i_confirm "
            "deliver send"
        ),
        never=(
            "topics who which howmany when calendar not save note recommendation comment mid pu leaves replaced new "
            "session"
        ),
    ),
    Meaning.ONLINE: Rule(
        "online | cannot come | cannot be",
        "event our next person when you_can which session cannot come joins",
        never="change move cancel",
    ),
    Meaning.TEAM_CHANGE: Rule(
        (
            "change team | change person | new person | joins team | joins person | leaves team | leaves person "
            "| person replaced | new team"
        ),
        "our add city register leaves joins replaced change anyone new save",
        never="expert who which howmany event online agreed",
    ),
    Meaning.EXPERIENCE: Rule(
        "who did | anyone did | city did | network did | experience | where did | who help_in | which city had",
        "our show give person where who anyone",
        never="session event risk survey silent when said pu mid part law want_change recommendation",
    ),
    Meaning.SAID: Rule(
        "said",
        "which city network session who last our show did ask_them missing not",
        never="add deadline",
    ),
    Meaning.MATERIALS: Rule(
        "presentation",
        "send show give where event last our person which be network message for_us not want",
        never="prepare",
    ),
    Meaning.COMMENT: Rule(
        "comment pu | comment recommendation | change pu | change recommendation | flaw pu | flaw recommendation",
        "our add register arrange give send ministry network position want new part flaw law save",
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
        "silent | city not session | not contact | not speak_up",
        (
            "which who expert show last our network said message had want give list city not contact session all "
            "speak_up had"
        ),
        never="confirm remind",
    ),
    Meaning.SESSIONS_COUNT: Rule(
        "howmany session | howmany advise | howmany hour session",
        "city our expert last be did network had used hour event",
        never="not",
    ),
    Meaning.SHOW_MID: Rule(
        "mid | show part",
        "which our give send where city show part written had",
        never="state risk missing deadline add howmany new",
    ),
    Meaning.SHOW_PU: Rule(
        "pu | show recommendation | list recommendation",
        "which our give send where network state all",
        never="comment add for_us deadline howmany law ask_them position category did ministry",
    ),
    Meaning.ASK_COMMENTS: Rule(
        "ask_them comment | send network comment | send city comment | tell comment",
        "pu recommendation all deadline question mid our person message want send network city tell deliver ask_me",
    ),
    Meaning.OWING: Rule(
        (
            "who not confirm | which not confirm | not confirm | who not register | city not register | missing "
            "register | who not "
            "goes | missing confirm | who missing confirm"
        ),
        "person event presence howmany list show our team be want give",
        never="remind silent was_there mark",
    ),
    Meaning.CHASE: Rule(
        (
            "remind confirm | remind not | remind silent | remind city | remind person | remind all | remind network "
            "| remind team | remind register | remind goes"
        ),
        (
            "which who send event missing want confirm not silent city person all network team register goes "
            "anyone taking_part tell ask_them message"
        ),
        never="when",
    ),
    Meaning.SEND_AGENDA: Rule(
        "send agenda",
        "network event all city next person our give ask_them want be deliver tell",
    ),
    Meaning.PRESENCE: Rule(
        "mark presence | save presence | mark event who | mark who presence | mark was_there",
        "last person list our team be confirm want all was_there who register add event not",
        never="excel",
    ),
    Meaning.SURVEY: Rule(
        "survey",
        (
            "event send last show give where session all already register save ask_them tell person our network "
            "when be state which said ask_them want"
        ),
    ),
    Meaning.REPLACED: Rule(
        (
            "who replaced | who new person | who new team | who change team | who joins team | who leaves | who "
            "change person"
        ),
        "city be our which had team person leaves joins",
    ),
    Meaning.NEWS: Rule(
        "news",
        "network our last new change city which show event be give list",
    ),
    Meaning.FOR_US: Rule(
        (
            "recommendation for_us | recommendation our | recommendation ministry | pu for_us | pu ministry | "
            "city want_change ministry"
        ),
        "which show list law give city had be ask_them question for_us ministry our want_change",
        never="add comment deadline category position",
    ),
    Meaning.POSITION_DUE: Rule(
        (
            "position | deadline ministry | deadline comment | deadline confirm | deadline recommendation | "
            "deadline ministry confirm | when ministry confirm | when ministry position"
        ),
        "our pu when give deliver for_us howmany missing send deadline ministry comment recommendation said",
        never="ask_them add expert mid part",
    ),
    Meaning.LAW: Rule(
        "law",
        (
            "which city want_change recommendation pu network show change said our give arrange move list want "
            "had register"
        ),
        never="add save howmany deadline comment did",
    ),
    Meaning.MID_STATE: Rule(
        "state mid | state part | state city | howmany mid | howmany state mid",
        "network show which all our give list deliver be prepare where state part city had",
        never="missing",
    ),
    Meaning.AT_RISK: Rule(
        "risk",
        "city which mid who network show list part our be deadline not where had state",
    ),
    Meaning.COMPARE: Rule(
        "compare network | compare city | compare mid | network best",
        "city show list state which mid our give all had network",
    ),
    Meaning.CATEGORIES: Rule(
        "howmany recommendation | recommendation category | howmany category",
        "which network pu all list show law be our",
        never="add",
    ),
    Meaning.PEOPLE_LIST: Rule(
        (
            "excel person | excel presence | excel list | excel city | excel event | excel was_there | list "
            "presence | list person | who presence | which presence | howmany presence"
        ),
        (
            "event give send show last our network be city register goes want not was_there who presence person "
            "list which excel"
        ),
        never="mark",
    ),
    Meaning.REPORT: Rule(
        "report",
        "quarter last give send show network prepare our state arrange be add save new want ask_me",
        never="session",
    ),
    Meaning.NEW_ACTIVITY: Rule(
        "add event | add calendar | new event | save event | arrange event",
        "network city next our be online joins want calendar add event",
        never=(
            "topics presence note session expert survey agenda who confirm remind move cancel person which when where "
            "hour goes"
        ),
    ),
    Meaning.TOPICS: Rule(
        "topics",
        "event next our which show add register arrange ask_them city network want new give when",
        never="said did experience agreed mid pu law",
    ),
    Meaning.ASSIGN: Rule(
        "assign expert | assign city | assign network | replaced expert | change expert",
        "city network our new person want arrange advise",
        never="who which howmany question session",
    ),
    Meaning.ANNOUNCE: Rule(
        (
            "announcement | tell city | tell network | tell all | tell person | send message all | send message "
            "city | send message network | message all city | "
            "send all city | message all | send message event city | deliver message city"
        ),
        "add new arrange give our person want be online all city network send message",
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
