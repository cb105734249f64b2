import {
  $,
  addEntry,
  enableControls,
  showFields,
  showProblem,
  showRooms,
  showStatus,
} from "./try_view.js";

/** Members shown of a room, at most, and asked for at a time. */
const MAX_MEMBERS = 1_000;
const MEMBERS_PER_PAGE = 200;

const state = {
  /** Undefined while there is no connection, not even a closing one. */
  socket: undefined,
  /** What this page's client is called; the server has the last word. */
  clientId: "",
  nextMessageId: 1,
  /** Ids of the members, by id of the rooms this connection is in. */
  rooms: new Map(),
  /** The room whose members are shown; "" for none. */
  shownRoom: "",
};

// Connection

function connect() {
  const { websocketPath } = document.body.dataset;
  // Relative to the page: a proxy may serve the hub below a path of its own.
  const url = new URL(`.${websocketPath}`, document.baseURI);
  url.protocol = url.protocol.replace("http", "ws");
  state.clientId = $("client-id").value.trim();
  if (state.clientId !== "") url.searchParams.set("client_id", state.clientId);
  const dialect = $("dialect").value;
  const socket = new WebSocket(url, dialect === "" ? [] : [dialect]);
  state.socket = socket;
  state.nextMessageId = 1;
  showProblem("");
  showStatus("connecting", "Connecting…");
  $("connect-button").textContent = "Disconnect";
  socket.addEventListener("open", () => {
    addEntry("note", {
      type: "connected",
      text: `${url} (${socket.protocol || "plain"})`,
    });
    showConnected();
    enableControls(true);
  });
  socket.addEventListener("message", ({ data }) => receive(data));
  socket.addEventListener("close", closed);
}

function closed({ code, reason, wasClean }) {
  state.socket = undefined;
  state.rooms.clear();
  refreshRooms();
  enableControls(false);
  $("connect-button").textContent = "Connect";
  addEntry("note", { type: "closed", text: `${code} ${reason}`.trim() });
  if (wasClean && code <= 1000) {
    showStatus("closed", "Not connected");
    return;
  }
  showStatus("failed", "Not connected");
  if (!wasClean) showProblem("The connection was refused, or is lost.");
  else if (code < 4500) showProblem(`Closed by the hub: ${code} ${reason}.`);
  else {
    showProblem(
      `Closed by the hub for good: ${code} ${reason}. Connecting again will not help before something changed.`,
    );
  }
}

function showConnected(addition = "") {
  const who = state.clientId === "" ? "" : ` as ${state.clientId}`;
  showStatus("open", `Connected${who}${addition}`);
}

// Messages in

function receive(payload) {
  if (typeof payload !== "string") {
    addEntry("in", { type: "binary", text: `${payload.size} bytes` });
    return;
  }
  // Only a subprotocol puts several messages in a frame.
  const parts = state.socket.protocol === "" ? [payload] : payload.split("\n");
  for (const part of parts) {
    const message = parseMessage(part);
    log("in", { text: part, message });
    if (message !== undefined) handle(message.message_type, message.data);
  }
}

function parseMessage(text) {
  try {
    const value = JSON.parse(text);
    return typeof value?.message_type === "string" ? value : undefined;
  } catch {
    return undefined; // A raw broadcast may be any text, and what is typed here too.
  }
}

function handle(type, data) {
  if (typeof data !== "object" || data === null) return;
  const members = state.rooms.get(data.room_id);
  switch (type) {
    case "welcome":
      state.clientId = data.client_id;
      showConnected();
      break;
    case "ping":
      send("pong", data);
      break;
    case "pong":
      showConnected(`, ${Date.now() - data.ts} ms away`);
      break;
    case "room_joined":
      state.rooms.set(data.room_id, new Set());
      state.shownRoom = data.room_id;
      askMembers(data.room_id);
      break;
    case "room_members":
      for (const { client_id: id } of data.members) members?.add(id);
      if (data.next_cursor !== undefined && members?.size < MAX_MEMBERS) {
        askMembers(data.room_id, data.next_cursor);
      }
      break;
    case "member_joined":
      members?.add(data.client_id);
      break;
    case "member_left":
      members?.delete(data.client_id);
      break;
    case "room_left":
    case "room_deleted":
      state.rooms.delete(data.room_id);
      break;
    case "error": {
      const { code, message, details } = data;
      const why = details === undefined ? "" : `: ${JSON.stringify(details)}`;
      showProblem(`Error ${code}, ${message}${why}`);
      break;
    }
  }
  refreshRooms();
}

function askMembers(roomId, cursor) {
  send("room_members", { room_id: roomId, cursor, limit: MEMBERS_PER_PAGE });
}

function refreshRooms() {
  if (!state.rooms.has(state.shownRoom)) {
    state.shownRoom = state.rooms.keys().next().value ?? "";
  }
  showRooms(state, {
    show(id) {
      state.shownRoom = id;
      $("target").value = id;
      refreshRooms();
    },
    leave: (id) => send("leave_room", { room_id: id }),
  });
}

// Messages out

function send(type, data) {
  const messageId = state.nextMessageId++;
  sendFrame(
    JSON.stringify({ message_id: messageId, message_type: type, data }),
  );
}

function sendFrame(text) {
  if (state.socket?.readyState !== WebSocket.OPEN) {
    showProblem("Connect first.");
    return;
  }
  state.socket.send(text);
  log("out", { text, message: parseMessage(text) });
}

function log(direction, { text, message }) {
  if (message === undefined) {
    addEntry(direction, { type: "text", text });
    return;
  }
  const { message_type: type, message_id: id, request_id: requestId, data } =
    message;
  const number = requestId ?? (id === 0 ? undefined : id);
  addEntry(direction, {
    type,
    label: number === undefined ? type : `${type} #${number}`,
    text: data === undefined ? "" : JSON.stringify(data),
  });
}

function sendContent() {
  const kind = $("kind").value;
  const text = $("content").value;
  if (kind === "raw") {
    sendFrame(text);
    return;
  }
  let content = text;
  if ($("is-json").checked) {
    try {
      content = JSON.parse(text);
    } catch (error) {
      showProblem(`The content is not JSON: ${error.message}`);
      return;
    }
  }
  const target = $("target").value.trim();
  switch (kind) {
    case "room_message":
      send(kind, { room_id: target, content });
      break;
    case "direct_message":
      send(kind, { target_id: target, content });
      break;
    case "broadcast":
      send(kind, { content });
      break;
  }
}

// Wiring

function onSubmit(id, run) {
  $(id).addEventListener("submit", (event) => {
    event.preventDefault();
    showProblem("");
    run();
  });
}

onSubmit("connect", () => {
  if (state.socket === undefined) connect();
  else state.socket.close(1000);
});
onSubmit("join", () => {
  send("join_room", { room_id: $("room-id").value.trim() });
});
onSubmit("send", sendContent);
$("ping").addEventListener("click", () => send("ping", { ts: Date.now() }));
$("clear").addEventListener("click", () => $("log").replaceChildren());
$("kind").addEventListener("change", showFields);
$("content").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    $("send").requestSubmit();
  }
});
$("client-id").value = `guest-${Math.floor(Math.random() * 9_000 + 1_000)}`;
// A reload may bring back what was chosen before it.
showFields();
