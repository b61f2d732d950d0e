// The settings of the page of `stencil-guard serve` that have no field: the text of a settings file. What of a file
// has a field goes there, so that each setting stands in one place.
"use strict";

function sayOfSettings(text, isBad = false, frame = "") {
    find("settings-said").textContent = text;
    find("settings-said").className = isBad ? "bad" : "";
    find("settings-frame").hidden = frame === "";
    find("settings-frame").textContent = frame;
    find("settings-file").ariaInvalid = String(isBad);
}

function refuseSettings(error) {
    find("all-else").open = true;
    sayOfSettings(error.message, true, error.place?.frame);
}

const listed = names => names.map(name => `“${name}”`).join(", ");

/** What became of a file. */
function told({ fields, leftOut, rest }) {
    const left = rest ? "What is left stands here." : "Nothing is left over.";
    if (rest && fields.length + leftOut.length === 0) return "All of it counts as it stands.";
    return [
        fields.length > 0 ? `Taken into the fields of this page: ${listed(fields)}. ${left}` : "",
        leftOut.length > 0 ? `Left out: ${listed(leftOut)}, since this page writes nothing but what you download.` : "",
    ].filter(Boolean).join(" ");
}

/** Takes a settings file: into fields what has one, and the rest stays as text. */
async function takeSettings(text) {
    if (!theme) return say("First the theme, then its settings file.", true);
    find("settings-file").value = text;
    if (text.trim()) find("all-else").open = true;
    try {
        const body = JSON.stringify({ "settings-file": text });
        const facts = await (await post(`${theme.theme}/take`, body)).json();
        // Somebody may have gone on writing.
        if (find("settings-file").value !== text) return undefined;
        find("settings-file").value = facts.rest;
        fill(facts);
        sayOfSettings(told(facts));
    } catch (error) {
        refuseSettings(error);
    }
    return changed();
}

function fill({ fields, choices: chosen }) {
    for (const name of fields) {
        const value = chosen[name] ?? "";
        if (name === "hide") {
            find("hide").querySelectorAll("input").forEach(box => (box.checked = value.includes(box.value)));
        } else if (name !== "keep" && name !== "no-keep") {
            fillField(find(name), value);
        }
    }
    if (!fields.includes("keep") && !fields.includes("no-keep")) return;
    kept = new Set([...keptByDefault(), ...(chosen.keep ?? [])]);
    (chosen["no-keep"] ?? []).forEach(page => kept.delete(page));
    find("pages").querySelectorAll("button").forEach(button => mark(button, kept.has(button.dataset.page), "…"));
}

function fillField(field, value) {
    if (field.type === "checkbox") {
        field.checked = value === true;
        return;
    }
    field.value = [value].flat().join(", ");
    // What is a list's default stands there without a value.
    if (field.matches("select") && field.selectedIndex < 0) field.value = "";
}

async function takeSettingsFile(file) {
    await takeSettings(await file.text());
    find("all-else").scrollIntoView({ block: "nearest" });
}

find("settings-file").addEventListener("change", event => takeSettings(event.target.value));
find("settings-file").addEventListener("paste", ({ target }) => setTimeout(() => takeSettings(target.value)));
find("settings-chosen").addEventListener("change", event => {
    const [file] = event.target.files;
    // The same file may be chosen again.
    if (file) takeSettingsFile(file).then(() => (event.target.value = ""));
});
