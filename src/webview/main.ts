import { PANEL_DATA_ID, type PanelData } from "../preview/html.ts";
import type { ToPage } from "../preview/messages.ts";
import { connect } from "./host.ts";
import { startPanel } from "./panel.ts";
import { speaker } from "./words.ts";

const host = connect();
const data = JSON.parse(document.getElementById(PANEL_DATA_ID)?.textContent ?? "{}") as PanelData;
const panel = startPanel({ host, data, say: speaker(data.table) });
host.listen((message: ToPage) => panel.receive(message));
host.post({ kind: "ready" });
