/** `<script type="module" src="…/chat.js"></script><aisle-chat></aisle-chat>` */
import { AisleChat } from "./element.js";

if (!customElements.get("aisle-chat")) customElements.define("aisle-chat", AisleChat);
