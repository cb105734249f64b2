/** Messages kept on the page; the oldest go first. */
const MAX_ENTRIES = 500;

const DIRECTIONS = { in: "←", out: "→", note: "·" };

/** The element of an id. */
export function $(id) {
  return document.getElementById(id);
}

/** Adds a line to the log; `direction` is `in`, `out` or `note`. */
export function addEntry(direction, { type, label = type, text }) {
  const entry = $("entry").content.cloneNode(true).firstElementChild;
  entry.dataset.direction = direction;
  entry.dataset.type = type;
  const now = new Date();
  const time = entry.querySelector("time");
  time.dateTime = now.toISOString();
  time.textContent = `${now.toTimeString().slice(0, 8)}.${
    String(now.getMilliseconds()).padStart(3, "0")
  }`;
  const mark = entry.querySelector(".direction");
  mark.textContent = DIRECTIONS[direction];
  mark.setAttribute("aria-label", direction);
  entry.querySelector(".type").textContent = label;
  entry.querySelector("pre").textContent = text;
  const log = $("log");
  log.append(entry);
  while (log.childElementCount > MAX_ENTRIES) log.firstElementChild.remove();
  if ($("follow").checked) log.scrollTop = log.scrollHeight;
}

/** Says how the connection is: `closed`, `connecting`, `open` or `failed`. */
export function showStatus(value, text) {
  $("status").dataset.state = value;
  $("status").textContent = text;
}

/** Says what went wrong; "" takes it back. */
export function showProblem(text) {
  $("problem").textContent = text;
  $("problem").hidden = text === "";
}

/** Enables what a connection is needed for, and what there must be none for. */
export function enableControls(isConnected) {
  for (const control of document.querySelectorAll("[data-needs=connection]")) {
    control.disabled = !isConnected;
  }
  $("client-id").disabled = isConnected;
  $("dialect").disabled = isConnected;
}

/** Fits the form to what is to be sent. */
export function showFields() {
  const kind = $("kind").value;
  $("target-field").hidden = kind === "broadcast" || kind === "raw";
  $("target-label").textContent = kind === "direct_message"
    ? "Client id"
    : "Room id";
  $("json-field").hidden = kind === "raw";
  $("content-label").textContent = kind === "raw"
    ? "The whole frame"
    : "Content";
}

/** Lists the rooms, and the members of the one that is shown. */
export function showRooms({ rooms, shownRoom, clientId }, { show, leave }) {
  $("rooms").replaceChildren(...[...rooms.keys()].map((id) => {
    const name = button(id, () => show(id));
    name.setAttribute("aria-pressed", String(id === shownRoom));
    const exit = button("Leave", () => leave(id));
    exit.setAttribute("aria-label", `Leave ${id}`);
    return listItem(name, exit);
  }));
  const members = [...rooms.get(shownRoom) ?? []].sort();
  $("presence-title").textContent = shownRoom === ""
    ? "Members"
    : `In ${shownRoom} (${members.length})`;
  $("presence-hint").hidden = shownRoom !== "";
  $("members").replaceChildren(...members.map((id) => {
    const item = listItem(id);
    item.classList.toggle("you", id === clientId);
    return item;
  }));
}

function listItem(...children) {
  const item = document.createElement("li");
  item.append(...children);
  return item;
}

function button(text, onClick) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = text;
  element.addEventListener("click", onClick);
  return element;
}
