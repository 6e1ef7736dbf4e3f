// Sends files one after another to the page's own upload route, as a stream from the disk, with progress and a way to stop.
// Streamlit calls the function below again whenever the page is drawn anew; a file on its way is then left alone.

const boxes = new WeakMap();
const NOTES_SHOWN = 5;

export default function ({ parentElement, data, setTriggerValue }) {
  const box = boxes.get(parentElement) ?? furnish(parentElement);
  boxes.set(parentElement, box);
  Object.assign(box, { data, tell: setTriggerValue });
  box.find(".invite").textContent = data.words.invite;
  box.find(".limit").textContent = fill(data.words.limit, { limit: data.limitWords });
  box.find(".choose").textContent = data.words.choose;
  box.find(".cancel").textContent = data.words.cancel;
  return () => { if (!parentElement.isConnected && !parentElement.host?.isConnected) stop(box); };
}

function furnish(parentElement) {
  const box = { find: (selector) => parentElement.querySelector(selector), queue: [], request: null, file: null };
  const section = box.find(".box");
  const input = box.find(".files");
  box.find(".choose").onclick = () => input.click();
  box.find(".cancel").onclick = () => box.request?.abort();
  input.onchange = () => { add(box, input.files); input.value = ""; };
  section.ondragover = (event) => { event.preventDefault(); section.classList.add("over"); };
  section.ondragleave = () => section.classList.remove("over");
  section.ondrop = (event) => {
    event.preventDefault();
    section.classList.remove("over");
    add(box, event.dataTransfer.files);
  };
  return box;
}

function add(box, files) {
  for (const file of files) {
    if (file.size > box.data.limit) {
      const { too_large: message, too_large_hint: hint } = box.data.words;
      note(box, "wrong", `${fill(message, { name: file.name, limit: box.data.limitWords })} ${hint}`);
    } else box.queue.push(file);
  }
  if (!box.request) next(box);
}

async function next(box) {
  const file = box.queue.shift();
  box.find(".sending").hidden = !file;
  box.request = null;
  if (!file) return;
  box.request = new XMLHttpRequest();
  box.file = file;
  box.began = performance.now();
  // A dropped folder looks like a file until it is read.
  try { await file.slice(0, 1).arrayBuffer(); } catch {
    note(box, "wrong", fill(box.data.words.folder, { name: file.name }));
    return next(box);
  }
  send(box, box.request, file);
}

function send(box, request, file) {
  const { words, url, header, token } = box.data;
  request.open("POST", `${url}?name=${encodeURIComponent(file.name)}`);
  request.setRequestHeader(header, token);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.upload.onprogress = ({ loaded }) => progress(box, file, loaded);
  request.onload = () => {
    if (request.status === 200) {
      note(box, "right", fill(words.arrived, { name: file.name }));
      box.tell("arrived", `${file.name} ${Date.now()}`);
    } else note(box, "wrong", reason(request, box.data.language) ?? fill(words.lost, { name: file.name }));
    next(box);
  };
  request.onerror = () => { note(box, "wrong", fill(words.lost, { name: file.name })); next(box); };
  request.onabort = () => { note(box, "wrong", fill(words.cancelled, { name: file.name })); next(box); };
  progress(box, file, 0);
  request.send(file);
}

function progress(box, file, sent) {
  const { words } = box.data;
  const share = file.size ? sent / file.size : 1;
  const seconds = (performance.now() - box.began) / 1000;
  const parts = [fill(words.sending, { name: file.name, sent: size(sent), total: size(file.size) })];
  // The first seconds say little about the rest.
  if (seconds > 3 && share > 0 && share < 1) parts.push(fill(words.left, { time: duration(words, (seconds / share) * (1 - share)) }));
  if (box.queue.length) parts.push(fill(words.waiting, { count: box.queue.length }));
  box.find(".words").textContent = parts.join(" · ");
  box.find(".done").style.width = `${100 * share}%`;
  box.find(".bar").setAttribute("aria-valuenow", Math.round(100 * share));
  box.find(".bar").setAttribute("aria-label", file.name);
}

function stop(box) {
  box.queue = [];
  box.request?.abort();
}

function note(box, kind, text) {
  const line = document.createElement("li");
  line.className = kind;
  line.textContent = text;
  const notes = box.find(".notes");
  notes.append(line);
  while (notes.children.length > NOTES_SHOWN) notes.firstChild.remove();
}

function reason(request, language) {
  try {
    const { message, hint } = JSON.parse(request.responseText);
    return `${message[language]} ${hint[language]}`;
  } catch { return null; }
}

function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (blank, name) => values[name] ?? blank);
}

function size(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  const step = Math.min(units.length - 1, bytes ? Math.floor(Math.log2(bytes) / 10) : 0);
  return `${(bytes / 1024 ** step).toFixed(step > 1 ? 1 : 0)} ${units[step]}`;
}

function duration(words, seconds) {
  return seconds < 90 ? fill(words.seconds, { count: Math.ceil(seconds) }) : fill(words.minutes, { count: Math.ceil(seconds / 60) });
}
