// The card of all keys, beside the bill. It prints from a page of its own.
import { define } from "./keys.js";
import { openSide } from "./side.js";

const card = document.getElementById("key-card");
define("keys", () => openSide([card.content.cloneNode(true)], { label: card.dataset.label }), ["F1"]);
