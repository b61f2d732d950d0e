// The page of `stencil-guard serve`: sends what is dropped and chosen, shows what comes back.
"use strict";

const find = id => document.getElementById(id);
const SIGN_OF_LIFE = 30_000;
const PAUSE = 250;

let theme;
let kept = new Set();
let latest = 0;
let timer;

const say = (text, isBad) => {
    find("said").textContent = text;
    find("said").className = isBad ? "bad" : "";
};

const element = (name, text, className = "") => {
    const made = document.createElement(name);
    made.textContent = text;
    made.className = className;
    return made;
};

/** Posts to the program; an error has what it says. */
async function post(path, body) {
    let answer;
    try {
        answer = await fetch(path, { method: "POST", body });
    } catch {
        throw new Error("The program does not answer. If it has ended, start it again and open its new address.");
    }
    if (answer.ok) return answer;
    const text = await answer.text();
    let said;
    try {
        said = JSON.parse(text);
    } catch {
        said = { message: text };
    }
    const message = [said.message, said.help].filter(Boolean).map(sentence).join(" ");
    throw Object.assign(new Error(message), { findings: said.findings, place: said.place });
}

async function working(work) {
    find("work").hidden = false;
    try {
        return await work();
    } catch (error) {
        say(error.message, true);
        if (error.findings) show(error.findings);
        return undefined;
    } finally {
        find("work").hidden = true;
    }
}

/** A message of the program as a sentence; a file name in front stays as it is. */
const sentence = text =>
    (/^[a-z]+ /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text) + (/[.!?]$/.test(text) ? "" : ".");

async function take(path, body, name) {
    say(`Reading ${name} …`);
    const facts = await working(async () => (await post(path, body)).json());
    if (!facts) return;
    theme = facts;
    kept = new Set(keptByDefault());
    say(`${facts.title}, ${facts.pages.length} pages.${facts.wasGuarded ? " It was guarded before; the new guard takes the place of the old one." : ""}`);
    find("choices").hidden = false;
    drawPages();
    drawLists();
    if (facts.settings) await takeSettings(facts.settings);
    changed();
    find("storefront").focus();
}

function takeFile(file) {
    if (!file) return;
    if (file.name.endsWith(".toml")) takeSettingsFile(file);
    else take(`drop/${encodeURIComponent(file.name)}`, file, file.name);
}

const keptByDefault = () => theme.keptByDefault.filter(page => theme.pages.includes(page));

/** All pages by folder, each a button. */
function drawPages() {
    const folders = new Map();
    for (const page of theme.pages) {
        const folder = page.includes("/") ? page.slice(0, page.lastIndexOf("/")) : "";
        folders.set(folder, [...(folders.get(folder) ?? []), page]);
    }
    const drawn = [...folders].sort().flatMap(([folder, pages]) => {
        const list = document.createElement("ul");
        list.append(...pages.map(drawPage));
        return [element("h3", folder || "pages"), list];
    });
    find("pages").replaceChildren(...drawn);
}

function drawPage(page) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.page = page;
    button.append(page.slice(page.lastIndexOf("/") + 1), element("span", ""));
    const why = theme.mustStay[page];
    if (why) button.setAttribute("aria-disabled", "true");
    button.addEventListener("click", () => {
        const mayGo = !why || !kept.has(page);
        find("pages-said").textContent = mayGo ? "" : why;
        if (!mayGo) return;
        kept.has(page) ? kept.delete(page) : kept.add(page);
        mark(button, kept.has(page), "…");
        changed();
    });
    mark(button, kept.has(page), "");
    const item = document.createElement("li");
    item.append(button);
    return item;
}

/** What can be chosen of lists that the program has; what was chosen before stays. */
function drawLists() {
    const platform = find("paths").value;
    const options = theme.platforms.map(({ name, title }) => Object.assign(element("option", title), { value: name }));
    find("paths").replaceChildren(...[...find("paths").options].slice(0, 2), ...options);
    find("paths").value = platform;
    if (find("hide").children.length === 0) find("hide").append(...theme.hideable.map(drawHideable));
}

function drawHideable({ name, what, page, advice }) {
    const made = element("p", "", "check");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", id: `hide-${name}`, value: name });
    const label = element("label", what.replaceAll("`", ""));
    label.htmlFor = box.id;
    const why = element("small", [`on the page ${page}`, advice?.replaceAll("`", "")].filter(Boolean).join("; "));
    why.id = `${box.id}-why`;
    box.setAttribute("aria-describedby", why.id);
    made.append(box, label, why);
    return made;
}

function mark(button, isKept, text, isBad = false) {
    button.setAttribute("aria-pressed", String(isKept));
    button.querySelector("span").textContent = text;
    button.classList.toggle("bad", isBad);
}

function choices() {
    const [firm, pages] = [keptByDefault(), theme.pages];
    const value = id => find(id).value.trim();
    const list = id => value(id).split(",").map(one => one.trim()).filter(Boolean);
    const all = {
        storefront: value("storefront"),
        mode: value("mode"),
        "allow-group": value("mode") === "conditional" ? list("allow-group") : [],
        keep: pages.filter(page => kept.has(page) && !firm.includes(page)),
        "no-keep": firm.filter(page => !kept.has(page)),
        "own-host": list("own-host"),
        "theme-name": value("theme-name"),
        paths: value("paths"),
        fallback: value("fallback"),
        "cart-param": value("cart-param"),
        "search-engines": value("search-engines"),
        "back-links": value("back-links"),
        "kept-chrome": value("kept-chrome"),
        hide: [...find("hide").querySelectorAll(":checked")].map(box => box.value),
        "guard-editor": find("guard-editor").checked,
        "theme-settings": find("theme-settings").checked,
        "settings-file": value("settings-file"),
    };
    return Object.fromEntries(Object.entries(all).filter(([, one]) => one !== ""));
}

/** Something was chosen: after a short pause, ask what it means. */
function changed() {
    find("groups").hidden = find("mode").value !== "conditional";
    clearTimeout(timer);
    timer = setTimeout(attempt, PAUSE);
}

const isComplete = () =>
    find("storefront").value.trim() !== "" &&
    (find("mode").value !== "conditional" || find("allow-group").value.trim() !== "");

async function attempt() {
    const own = ++latest;
    if (!theme || !isComplete()) {
        find("result").hidden = true;
        allow(false);
        return;
    }
    const body = JSON.stringify(choices());
    try {
        const facts = await (await post(`${theme.theme}/try`, body)).json();
        // What was chosen meanwhile is asked for by itself.
        if (own === latest) showAll(facts);
    } catch (error) {
        if (own === latest) showFailure(error);
    }
}

function showFailure(error) {
    find("result").hidden = false;
    verdict(error.message, false);
    show(error.findings ?? []);
    allow(false);
    find("same").hidden = true;
    if (error.place) refuseSettings(error);
}

const OUTCOMES = {
    kept: "shown",
    guarded: "guarded",
    shown: "shown",
    open: "still open",
    uncertain: "stencil-guard cannot tell",
    refused: "broken template",
};

/** Where a guarded page leads, in a few words. */
function leadsTo(leads) {
    const one = leads[0];
    if (!one || one.known === "stays") return "";
    if (leads.some(other => other.leadsTo !== one.leadsTo)) return "leads to several pages";
    const { pathname } = one.leadsTo ? new URL(one.leadsTo) : {};
    const words = { home: "leads to the home page", unknown: "leads to the same path, if it is there" };
    return words[one.known] ?? (pathname ? `leads to ${decodeURI(pathname).replace(/:int\}/g, "}")}` : "leads to the same path");
}

function showAll({ status, findings, pages, leads, command }) {
    find("result").hidden = false;
    for (const { page, outcome, lost, why } of pages) {
        const button = find("pages").querySelector(`[data-page="${CSS.escape(page)}"]`);
        const isBad = lost || outcome === "open" || outcome === "uncertain" || outcome === "refused";
        const own = outcome === "guarded" ? leadsTo(leads.filter(lead => lead.page === page)) : "";
        const shown = outcome === "kept" && theme.mustStay[page] ? "always shown" : OUTCOMES[outcome] ?? outcome;
        const said = lost ? "hidden, but should be shown" : [shown, own].filter(Boolean).join(", ");
        mark(button, outcome === "kept", said, isBad);
        button.title = why;
    }
    const count = outcome => pages.filter(page => page.outcome === outcome).length;
    const isDone = status === "done";
    const guarded = count("guarded") ? `${count("guarded")} pages are guarded, ${count("kept")} stay.` : "No page is guarded.";
    if (find("settings-file").ariaInvalid === "true") sayOfSettings("");
    verdict(isDone ? guarded : "Errors stop the build: nothing can be downloaded until they are mended.", isDone);
    show(findings);
    find("same").hidden = false;
    showCommand("command", command);
    allow(isDone, true);
    if (find("preview").open) preview();
}

/** The command line that does the same; what has no flag is in the settings file. */
function showCommand(id, command) {
    const withFile = command.includes(" --config ") ? ", in the folder with this page’s settings file" : "";
    find(`${id}-title`).textContent = `The same on a command line${withFile}:`;
    find(id).textContent = command;
}

function verdict(text, isGood) {
    find("verdict").textContent = text;
    find("verdict").className = isGood ? "good" : "bad";
}

function allow(isDone, hasReport = isDone) {
    find("plan").disabled = !isDone;
    find("plan-why").hidden = isDone;
    document.querySelectorAll("[data-file]").forEach(button => (button.disabled = !(button.dataset.file === "report" ? hasReport : isDone)));
}

function drawFinding({ severity, message, help, place }) {
    const made = element("li", "", severity);
    made.append(element("b", severity), `: ${message}`);
    if (place) made.append(element("span", [place.path, place.line].filter(Boolean).join(":"), "place"));
    if (help) made.append(element("span", sentence(help), "help"));
    return made;
}

function show(findings) {
    const isNote = finding => finding.severity === "note";
    const notes = findings.filter(isNote);
    find("findings").replaceChildren(...findings.filter(finding => !isNote(finding)).map(drawFinding));
    find("notes").hidden = notes.length === 0;
    find("notes").querySelector("summary").textContent = `${notes.length} notes`;
    find("notes").querySelector("ul").replaceChildren(...notes.map(drawFinding));
}

const fetched = kind => working(async () => {
    const answer = await post(`${theme.theme}/${kind}`, JSON.stringify(choices()));
    const name = decodeURIComponent((answer.headers.get("X-File-Name") ?? "").replaceAll("+", " "));
    return { name, blob: await answer.blob() };
});

async function download(kind) {
    const file = await fetched(kind);
    if (!file) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file.blob);
    link.download = file.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    say(`${file.name} is in your downloads.`);
}

async function preview() {
    const file = await fetched("report");
    if (!file) return;
    const frame = find("preview").querySelector("iframe");
    URL.revokeObjectURL(frame.src);
    frame.src = URL.createObjectURL(file.blob);
}

find("file").addEventListener("change", event => takeFile(event.target.files[0]));
// Of a text that is being written, nobody wants to hear what is wrong with it.
find("choices").addEventListener("input", event => event.target.id === "settings-file" || changed());
find("choices").addEventListener("submit", event => event.preventDefault());
find("preview").addEventListener("toggle", () => find("preview").open && preview());
document.querySelectorAll("[data-file]").forEach(button =>
    button.addEventListener("click", () => download(button.dataset.file)),
);

for (const name of ["dragenter", "dragover"]) {
    addEventListener(name, event => {
        event.preventDefault();
        find("drop").classList.add("over");
    });
}
addEventListener("dragleave", event => event.relatedTarget || find("drop").classList.remove("over"));
addEventListener("drop", event => {
    event.preventDefault();
    find("drop").classList.remove("over");
    takeFile(event.dataTransfer.files[0]);
});

// The scripts are all there by then.
addEventListener("DOMContentLoaded", async () => {
    const { theme: path, store } = await (await fetch("local")).json();
    if (store) beginWithStore();
    if (!path) return;
    find("local").hidden = false;
    find("local").textContent = `Use ${path}`;
    find("local").addEventListener("click", () => take("local", null, path));
});
setInterval(() => fetch("alive", { method: "POST" }).catch(() => {}), SIGN_OF_LIFE);
