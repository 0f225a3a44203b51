// The page around the chat: follows its language, and in demo mode shows the identities and the phone.
"use strict";

const POLL_MS = 2000;
const FRESH_MS = 20000;

const chat = document.querySelector("respite-chat");
const language = new URLSearchParams(location.search).get("lang");

// Runs before the widget starts, so the chat begins in the language of the address.
if (language) chat.setAttribute("locale", language);
document.addEventListener("respite-language", (event) => {
  document.documentElement.lang = event.detail === "en" ? "en" : "zh-CN";
});

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function bilingual(tag, className, zh, en) {
  const made = element(tag, className);
  const parts = [["zh", "zh-CN", zh], ["en", "en", en]].map(([name, lang, text]) => {
    const part = element("span", name, text);
    part.lang = lang;
    return part;
  });
  made.append(...parts);
  return made;
}

// A list, or nothing where the server has no demo mode.
async function demoList(name) {
  const response = await fetch(`demo/${name}`, { headers: { Accept: "application/json" } });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  const body = await response.json();
  return Array.isArray(body) ? body : body[name] ?? body.messages ?? [];
}

function reveal(panel) {
  panel.hidden = false;
  document.querySelector(".demo").hidden = false;
}

// ---- the phone

let newest = null;
let freshTimer;

function sms({ phone, code, sent_at: at }) {
  const item = element("li", "sms");
  const time = at ? ` · ${new Date(at).toTimeString().slice(0, 5)}` : "";
  item.append(element("p", "to", `${phone}${time}`), bilingual("p", "", "您的验证码", "Your code"), element("p", "code", code));
  return item;
}

function showInbox(messages) {
  const panel = document.getElementById("phone");
  const first = messages[0] ? JSON.stringify(messages[0]) : "";
  reveal(panel);
  if (first === newest) return;
  panel.querySelector(".inbox").replaceChildren(...messages.slice(0, 3).map(sms));
  if (first && newest !== null) pop(panel);
  newest = first;
}

function pop(panel) {
  panel.classList.add("fresh");
  clearTimeout(freshTimer);
  freshTimer = setTimeout(() => panel.classList.remove("fresh"), FRESH_MS);
}

// It lies over the chat, so a touch puts it away.
document.getElementById("phone").addEventListener("click", ({ currentTarget }) => currentTarget.classList.remove("fresh"));

async function pollInbox() {
  try {
    const messages = await demoList("outbox");
    if (messages === null) return;
    showInbox(messages);
  } catch {
    // The server is away for a moment; the next poll will tell.
  }
  setTimeout(pollInbox, POLL_MS);
}

// ---- the identities

const FIELDS = [
  ["phone", "手机号", "Phone"],
  ["loan_number", "贷款编号", "Loan"],
  ["last_four", "证件后四位", "ID, last four"],
];

function situation({ days_overdue: days, handler }) {
  const [zh, en] = days > 0 ? [`逾期 ${days} 天`, `${days} days overdue`] : ["未逾期", "not overdue"];
  return bilingual("span", "note", handler ? `${zh} · 已委外` : zh, handler ? `${en} · with an agency` : en);
}

// The keys of one person open on demand, so that a dozen fit.
function person(identity) {
  const item = element("li");
  const details = element("details");
  const summary = element("summary");
  const list = element("dl");
  for (const [key, zh, en] of FIELDS) {
    if (identity[key]) list.append(bilingual("dt", "", zh, en), element("dd", "", identity[key]));
  }
  summary.append(element("span", "name", identity.name), situation(identity));
  details.append(summary, list);
  item.append(details);
  return item;
}

async function showIdentities() {
  try {
    const identities = await demoList("identities");
    if (!identities || identities.length === 0) return;
    document.querySelector(".people").replaceChildren(...identities.map(person));
    reveal(document.getElementById("identities"));
    document.querySelector(".people details").open = true;
    document.querySelector(".to-demo").hidden = false;
  } catch {
    // Without the list the chat works all the same.
  }
}

pollInbox();
showIdentities();
