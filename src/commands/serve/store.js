// What the page of `stencil-guard serve` does with a store: list channels, take a theme, deploy, go back.
"use strict";

const POLL = 700;

let shownJob;
let polling = false;

async function ask(path, body) {
    return (await post(`store/${path}`, JSON.stringify(body ?? {}))).json();
}

/** Tells what the store said, where somebody asked. */
function tell(text, isBad, asked = find("ship")) {
    for (const place of document.querySelectorAll("[data-store-said]")) {
        const isMeant = asked.contains(place);
        place.textContent = isMeant ? text : "";
        place.classList.toggle("bad", isMeant && Boolean(isBad));
    }
}

/** Works with the store; what goes wrong is told, and gives nothing. */
async function withStore(text, work, asked) {
    tell(text, false, asked);
    find("work").hidden = false;
    try {
        const done = await work();
        tell("", false, asked);
        return done;
    } catch (error) {
        tell(error.message, true, asked);
        return undefined;
    } finally {
        find("work").hidden = true;
    }
}

async function listChannels(event) {
    const asked = event.currentTarget.closest("#from-store, #ship");
    const facts = await withStore("Asking the store …", () => ask("channels"), asked);
    if (!facts) return;
    for (const select of [find("from"), find("channel")]) {
        const chosen = select.value;
        select.replaceChildren(...facts.channels.map(drawChannel));
        if (facts.channels.some(channel => String(channel.id) === chosen)) select.value = chosen;
    }
    document.querySelectorAll("[data-channels]").forEach(part => (part.hidden = facts.channels.length === 0));
    if (facts.channels.length === 0) tell("The store has no storefront channel.", true, asked);
}

function drawChannel({ id, name, "is-headless": isHeadless, platform, site, theme: shown }) {
    const runs = isHeadless ? `headless, ${platform}` : platform;
    const words = [`${id}: ${name} (${runs})`, site, shown ? `shows ${shown}` : "shows no theme"];
    return Object.assign(element("option", words.filter(Boolean).join(", ")), { value: id });
}

const chosen = id => Number(find(id).value);

async function takeFromStore() {
    const channel = chosen("from");
    find("channel").value = String(channel);
    await take("store/take", JSON.stringify({ channel }), `the theme of channel ${channel}`);
}

function deployment() {
    const switches = ["no-settings", "replace-oldest", "no-live-check"].map(id => [id, find(id).checked]);
    return { theme: theme.theme, channel: chosen("channel"), choices: choices(), ...Object.fromEntries(switches) };
}

/** Begins with something that is done to the store; this page watches it. */
async function begin(path, body) {
    const facts = await withStore("", () => ask(path, body));
    if (!facts) return;
    showJob(facts.job);
    find("job-title").focus();
    poll();
}

async function poll() {
    if (polling) return;
    polling = true;
    while (shownJob && shownJob.phase !== "ended") {
        await new Promise(go => setTimeout(go, POLL));
        try {
            showJob((await ask("job")).job);
        } catch (error) {
            sayOfJob(error.message, "bad");
            break;
        }
    }
    polling = false;
}

const PHASES = {
    preparing: "Finding out what is to be done …",
    asking: "Nothing is changed yet. Do this?",
    working: "Working. You may close this page: the program goes on and tells you the next time.",
};

function sayOfJob(text, className = "") {
    if (find("job-said").textContent !== text) find("job-said").textContent = text;
    find("job-said").className = className;
}

/** Draws only what is new, so that a screen reader reads nothing twice. */
function addLines(list, lines) {
    if (list.children.length > lines.length) list.replaceChildren();
    list.append(...lines.slice(list.children.length).map(line => element("li", line)));
}

function showJob(job) {
    if (!job) return;
    if (shownJob?.number !== job.number) ["job-plan", "job-progress"].forEach(id => find(id).replaceChildren());
    shownJob = job;
    const { command, phase, plan, progress, outcome } = job;
    find("job").hidden = false;
    find("job-title").textContent = plan.length > 0 ? "The plan" : "What is done";
    addLines(find("job-plan"), plan);
    addLines(find("job-progress"), progress);
    showCommand("job-command", command);
    find("agree").hidden = phase !== "asking";
    find("job-work").hidden = phase !== "preparing" && phase !== "working";
    find("job-results").hidden = !outcome?.results;
    find("job-results").textContent = outcome?.results ?? "";
    find("job-findings").replaceChildren(...(outcome?.findings ?? []).map(drawFinding));
    outcome ? sayOutcome(outcome) : sayOfJob(PHASES[phase] ?? phase);
}

function sayOutcome({ status, message, findings = [] }) {
    const last = findings.findLast(finding => finding.severity === "error") ?? {};
    if (status === "done") sayOfJob("Done.", "good");
    else sayOfJob(sentence(message ?? last.message ?? "It was not done."), "bad");
}

async function answerJob(yes) {
    find("agree").hidden = true;
    const facts = await withStore("", () => ask("answer", { number: shownJob.number, yes }));
    if (facts) showJob(facts.job);
    poll();
}

function beginWithStore() {
    ["from-store", "ship"].forEach(id => (find(id).hidden = false));
    document.querySelectorAll("[data-list]").forEach(button => button.addEventListener("click", listChannels));
    find("take").addEventListener("click", takeFromStore);
    find("plan").addEventListener("click", () => begin("deploy", deployment()));
    find("yes").addEventListener("click", () => answerJob(true));
    find("no").addEventListener("click", () => answerJob(false));
    find("back").addEventListener("click", () => begin("rollback", { channel: chosen("channel") }));
    ask("job").then(({ job }) => {
        showJob(job);
        poll();
    }).catch(() => {});
}
