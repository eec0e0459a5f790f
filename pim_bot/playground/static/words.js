// The page's own words in both languages, and how it writes dates. Polish comes first.

const WORDS = {
  pl: {
    skip: "Przejdź do pisania wiadomości",
    menu: "Rozmowy i osoby",
    windHour: "+1 godzina",
    windDay: "+1 dzień",
    windNext: "do następnego zdarzenia",
    windLabel: "Przesuwanie zegara programu",
    windBusy: "Zegar programu się przesuwa. Po drodze dzieje się wszystko, co przypada…",
    windDone: "Jest teraz {now}.",
    windNothing: "W planie nie ma już nic, na co można by czekać.",
    windFailed: "Nie udało się przesunąć zegara: {error}",
    tryFirst: "Co wypróbować najpierw",
    hideFirst: "Schowaj te wskazówki",
    language: "Język strony",
    conversations: "Rozmowy",
    people: "Kim jestem",
    peopleNote: "Liczba przy osobie: nieprzeczytane wiadomości.",
    findPerson: "Szukaj osoby",
    others: "Inne osoby",
    unread: "nieprzeczytane: {count}",
    home: "Strona główna",
    homeEmpty: "Bot nie pokazał tu jeszcze niczego.",
    directWith: "{bot} (bot)",
    directNote: "Rozmowa bezpośrednia z botem. Widzi ją tylko {me}.",
    homeNote: "Strona bota dla jednej osoby. Widzi ją tylko {me}.",
    channelNote: "Kanał. Osób: {members}.",
    archived: "Ten kanał jest w archiwum.",
    me: "to ja",
    empty: "Nie ma tu jeszcze żadnej wiadomości.",
    onlyYou: "Widoczne tylko dla Państwa",
    edited: "zmieniono",
    inThread: "odpowiedź w wątku",
    bot: "bot",
    write: "Wiadomość lub polecenie",
    placeholder: "Wiadomość albo {command} …",
    send: "Wyślij",
    attach: "Dołącz plik",
    tooLarge: "Tutaj można dołączyć plik do 700 kB.",
    examples: "Przykłady poleceń",
    sending: "Bot odpowiada…",
    noCommand: "Polecenia {command} tu nie ma. Prosimy zacząć od {known}.",
    failed: "Nie udało się: {error}",
    offline: "Brak połączenia z serwerem. Strona połączy się sama, gdy serwer wróci.",
    cant_update_message: "Zmienić wiadomość może tylko jej autor lub autorka.",
    cant_delete_message: "Usunąć wiadomość może tylko jej autor lub autorka.",
    operation_timeout: "Aplikacja nie odpowiedziała w ciągu 3 sekund. Prosimy spróbować ponownie.",
    dispatch_failed: "Aplikacja nie przyjęła tego działania. Prosimy spróbować ponownie.",
    newMessage: "Nowa wiadomość. {who}: {text}",
    more: "Więcej działań",
    react: "Oznacz reakcją {emoji}",
    unreact: "Zdejmij reakcję {emoji}",
    edit: "Zmień wiadomość",
    editMessage: "Nowa treść wiadomości",
    removeMessage: "Usuń wiadomość",
    close: "Anuluj",
    closeAll: "Zamknij okno",
    back: "Wstecz",
    submit: "Wyślij",
    submitting: "Wysyłanie…",
    optional: "(opcjonalnie)",
    choose: "Wybierz…",
    none: "(bez wyboru)",
    add: "Dodaj…",
    remove: "Usuń: {what}",
    typeToFind: "Prosimy zacząć pisać…",
    nothingFound: "Nic nie znaleziono.",
    searching: "Szukanie…",
    yes: "Tak",
    no: "Nie",
    noFiles: "Tutaj nie można dołączyć pliku. Zamiast pliku prosimy podać odnośnik.",
    unsupported: "(Ta strona nie pokazuje elementu „{type}”.)",
    required: "Prosimy uzupełnić to pole.",
    too_short: "To za krótki tekst.",
    too_long: "To za długi tekst.",
    email: "Prosimy podać adres e-mail, na przykład urzad@example.org.",
    url: "Prosimy podać adres zaczynający się od https://.",
    number: "Prosimy podać liczbę.",
    too_small: "Ta liczba jest za mała.",
    too_large: "Ta liczba jest za duża.",
    too_many: "Wybrano za dużo pozycji.",
    today: "dziś",
    yesterday: "wczoraj",
    tomorrow: "jutro",
  },
  en: {
    skip: "Skip to writing a message",
    menu: "Conversations and people",
    windHour: "+1 hour",
    windDay: "+1 day",
    windNext: "to the next event",
    windLabel: "Winding the programme's clock",
    windBusy: "The programme's clock is moving. Whatever falls due on the way happens…",
    windDone: "It is now {now}.",
    windNothing: "Nothing more is planned that one could wait for.",
    windFailed: "The clock could not be moved: {error}",
    tryFirst: "What to try first",
    hideFirst: "Hide these hints",
    language: "Language of the page",
    conversations: "Conversations",
    people: "Who am I",
    peopleNote: "The number beside a person: unread messages.",
    findPerson: "Find a person",
    others: "Others",
    unread: "unread: {count}",
    home: "Home",
    homeEmpty: "The bot has not shown anything here yet.",
    directWith: "{bot} (bot)",
    directNote: "Direct conversation with the bot. Only {me} sees it.",
    homeNote: "The bot's page for one person. Only {me} sees it.",
    channelNote: "Channel. People: {members}.",
    archived: "This channel is archived.",
    me: "me",
    empty: "There is no message here yet.",
    onlyYou: "Only visible to you",
    edited: "edited",
    inThread: "reply in the thread",
    bot: "bot",
    write: "Message or command",
    placeholder: "A message or {command} …",
    send: "Send",
    attach: "Attach a file",
    tooLarge: "A file attached here may have up to 700 kB.",
    examples: "Examples of commands",
    sending: "The bot is answering…",
    noCommand: "There is no command {command} here. Please begin with {known}.",
    failed: "That did not work: {error}",
    offline: "No connection to the server. The page reconnects by itself when the server is back.",
    cant_update_message: "Only its author can edit a message.",
    cant_delete_message: "Only its author can delete a message.",
    operation_timeout: "The app did not answer within 3 seconds. Please try again.",
    dispatch_failed: "The app did not take this action. Please try again.",
    newMessage: "New message. {who}: {text}",
    more: "More actions",
    react: "React with {emoji}",
    unreact: "Take back {emoji}",
    edit: "Edit the message",
    editMessage: "New text of the message",
    removeMessage: "Delete the message",
    close: "Cancel",
    closeAll: "Close the window",
    back: "Back",
    submit: "Submit",
    submitting: "Sending…",
    optional: "(optional)",
    choose: "Choose…",
    none: "(none)",
    add: "Add…",
    remove: "Remove: {what}",
    typeToFind: "Begin to type…",
    nothingFound: "Nothing found.",
    searching: "Searching…",
    yes: "Yes",
    no: "No",
    noFiles: "Files cannot be attached here. Please give a link instead.",
    unsupported: "(This page does not show the element “{type}”.)",
    required: "Please complete this field.",
    too_short: "This text is too short.",
    too_long: "This text is too long.",
    email: "Please give an e-mail address, for example office@example.org.",
    url: "Please give an address beginning with https://.",
    number: "Please give a number.",
    too_small: "This number is too small.",
    too_large: "This number is too large.",
    too_many: "Too many are chosen.",
    today: "today",
    yesterday: "yesterday",
    tomorrow: "tomorrow",
  },
};

const STORED = "pim-playground-language";
let language = localStorage.getItem(STORED) === "en" ? "en" : "pl";
let zone = "Europe/Warsaw";

export const languageNow = () => language;

export function setLanguage(chosen) {
  language = chosen;
  localStorage.setItem(STORED, chosen);
}

export function setZone(chosen) {
  zone = chosen || zone;
}

// say("unread", {count: 2}) → "nieprzeczytane: 2"; a word that is not known is shown as it is.
export function say(word, facts = {}) {
  const text = WORDS[language][word] ?? word;
  return text.replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
}

// The sentence for an error string of the workspace.
export function sayError(error) {
  return error in WORDS[language] ? say(error) : say("failed", { error });
}

const locale = () => (language === "pl" ? "pl-PL" : "en-GB");

function written(instant, options) {
  return new Intl.DateTimeFormat(locale(), { timeZone: zone, ...options }).format(instant);
}

export const timeOf = (instant) => written(instant, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
export const dayKey = (instant) => new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(instant);

export const dayOf = (instant) =>
  written(instant, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

// „poniedziałek, 10 stycznia 2022, 9:00”
export function momentOf(instant) {
  return `${dayOf(instant)}, ${written(instant, { hour: "numeric", minute: "2-digit", hourCycle: "h23" }).replace(/^0(?=\d)/, "")}`;
}

// What stands in a native field, in words: „wtorek, 10 maja 2022”, „9:30” on a 24-hour clock.
export function valueInWords(type, value) {
  if (!value) return "";
  if (type === "time") return value.replace(/^0(?=\d)/, "");
  const [day, time] = value.split("T");
  const words = new Intl.DateTimeFormat(locale(), { timeZone: "UTC", weekday: "long", day: "numeric", month: "long", year: "numeric" });
  return [words.format(new Date(`${day}T12:00:00Z`)), time].filter(Boolean).join(", ");
}

// One placeholder of <!date^…>: {date_long}, {time} …
export function datePart(name, instant, now) {
  const parts = {
    date_num: () => written(instant, { year: "numeric", month: "2-digit", day: "2-digit" }),
    date: () => written(instant, { day: "numeric", month: "long", year: "numeric" }),
    date_short: () => written(instant, { day: "numeric", month: "short", year: "numeric" }),
    date_long: () => dayOf(instant),
    time: () => timeOf(instant),
    time_secs: () => written(instant, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
  };
  const pretty = name.endsWith("_pretty") && prettyDay(instant, now);
  return pretty || (parts[name.replace("_pretty", "")] ?? (() => `{${name}}`))();
}

function prettyDay(instant, now) {
  for (const [word, days] of [["yesterday", -1], ["today", 0], ["tomorrow", 1]]) {
    const day = new Date(now.getTime() + days * 86_400_000);
    if (dayKey(day) === dayKey(instant)) return say(word);
  }
  return null;
}
