// Where members write: to the borrower or, in another colour, for themselves. "/" brings ready replies.
const SIGN_EVERY = 3000;
const DRAFT_AFTER = 400;
const SHOWN = 8;

const newId = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("");

export default {
  props: { words: Object, lock: String, draft: String, replies: Array, isTraditional: Boolean, preview: String },
  emits: ["note", "draft", "fill", "writing"],
  data: () => ({ text: "", isNote: false, isLive: false, chosen: 0, isMenuClosed: false, signedAt: -SIGN_EVERY }),
  computed: {
    locked() {
      if (this.isNote) return this.isLive ? "" : this.words.reconnecting;
      return this.lock || (this.isLive ? "" : this.words.reconnecting);
    },
    found() {
      if (this.isNote || this.isMenuClosed || !this.text.startsWith("/") || this.text.includes("\n")) return [];
      const sought = this.text.slice(1).toLowerCase();
      return this.replies.filter((reply) => `${reply.name} ${reply.text}`.toLowerCase().includes(sought)).slice(0, SHOWN);
    },
  },
  watch: {
    text() {
      this.chosen = 0;
      if (!this.text.startsWith("/")) this.isMenuClosed = false;
      this.$nextTick(this.fit);
    },
    found() {
      this.$nextTick(() => this.$el.querySelector(".replies [aria-selected=true]")?.scrollIntoView({ block: "nearest" }));
    },
  },
  mounted() {
    this.text = this.draft;
    this.live = () => (this.isLive = true);
    this.lost = () => (this.isLive = false);
    document.addEventListener("conversation:live", this.live);
    document.addEventListener("conversation:lost", this.lost);
    addEventListener("pagehide", this.keep);
  },
  unmounted() {
    document.removeEventListener("conversation:live", this.live);
    document.removeEventListener("conversation:lost", this.lost);
    removeEventListener("pagehide", this.keep);
  },
  methods: {
    fit() {
      const field = this.$refs.field;
      field.style.height = "auto";
      field.style.height = `${field.scrollHeight}px`;
    },
    input(event) {
      this.text = event.target.value;
      clearTimeout(this.waiting);
      this.waiting = setTimeout(this.keep, DRAFT_AFTER);
      if (!this.isNote && !this.text.startsWith("/")) this.sign(this.text.trim() !== "");
    },
    keep() {
      clearTimeout(this.waiting);
      if (!this.isNote && this.text !== this.kept) this.$emit("draft", (this.kept = this.text));
    },
    sign(isWriting) {
      if (this.locked || (isWriting && performance.now() - this.signedAt < SIGN_EVERY)) return;
      this.signedAt = isWriting ? performance.now() : -SIGN_EVERY;
      this.$emit("writing", isWriting);
    },
    key(event) {
      if (event.isComposing || event.keyCode === 229) return;
      if (this.found.length && ["ArrowDown", "ArrowUp", "Enter", "Tab"].includes(event.key)) {
        event.preventDefault();
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step) this.chosen = (this.chosen + step + this.found.length) % this.found.length;
        else this.fill(this.found[this.chosen]);
      } else if (event.key === "Escape") {
        if (this.found.length) this.isMenuClosed = true;
        else event.target.blur();
      } else if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        this.send();
      }
    },
    fill(reply) {
      this.put("");
      this.$emit("fill", reply.name);
    },
    put(text) {
      this.text = text;
      this.$refs.field.focus();
      this.keep();
    },
    send() {
      const text = this.text.trim();
      if (!text || this.locked) return;
      this.text = "";
      if (this.isNote) {
        this.$emit("note", text);
        this.isNote = false;
      } else {
        document.dispatchEvent(new CustomEvent("conversation:say", { detail: { clientId: newId(), text } }));
        this.signedAt = -SIGN_EVERY;
      }
      this.keep();
      this.$refs.field.focus();
    },
    attach(files) {
      if (this.locked || this.isNote) return;
      for (const file of files) {
        document.dispatchEvent(new CustomEvent("conversation:say", { detail: { clientId: newId(), text: file.name, file } }));
      }
    },
    pick(event) {
      this.attach([...event.target.files]);
      event.target.value = "";
    },
    paste(event) {
      if (!event.clipboardData.files.length) return;
      event.preventDefault();
      this.attach([...event.clipboardData.files]);
    },
    write(isNote) {
      this.isNote = isNote;
      this.$nextTick(() => this.$refs.field.focus());
    },
  },
  template: `
    <form class="composer" :class="{ note: isNote, locked }" @submit.prevent="send" @dragover.prevent @drop.prevent="attach([...$event.dataTransfer.files])">
      <div class="composer-head">
        <div class="segments" role="group" :aria-label="words.what">
          <button type="button" data-shortcut="r" :aria-pressed="!isNote" :aria-label="words.reply" @click="write(false)">{{ words.reply }}</button>
          <button type="button" data-shortcut="n" :aria-pressed="isNote" :aria-label="words.note" @click="write(true)">
            <svg class="icon" aria-hidden="true"><use :href="words.icons + '#lock'"></use></svg>{{ words.note }}
          </button>
        </div>
        <span class="reads" v-if="!isNote">{{ words.reads }}</span>
        <span class="reads" v-else>{{ words.noteHint }}</span>
      </div>
      <ul v-if="found.length" class="replies" role="listbox" id="replies" :aria-label="words.replies">
        <li v-for="(reply, place) in found" :key="reply.name" role="option" :id="'reply-' + place" :aria-selected="place === chosen"
          @mousedown.prevent="fill(reply)" @mousemove="chosen = place"><b>/{{ reply.name }}</b> <span>{{ reply.text }}</span></li>
      </ul>
      <textarea ref="field" rows="2" :value="text" :placeholder="isNote ? words.notePlaceholder : locked || words.placeholder" maxlength="4000"
        :aria-label="isNote ? words.note : words.reply" :disabled="!isNote && lock !== ''" aria-autocomplete="list"
        :aria-controls="found.length ? 'replies' : null" :aria-activedescendant="found.length ? 'reply-' + chosen : null"
        @input="input" @keydown="key" @paste="paste" @blur="sign(false)"></textarea>
      <p v-if="isTraditional && preview && !isNote" class="preview" lang="zh-Hant"><span>{{ words.preview }}</span> {{ preview }}</p>
      <div class="composer-foot">
        <label class="icon-button attach" :class="{ off: isNote || locked }" :title="words.attach">
          <svg class="icon" aria-hidden="true"><use :href="words.icons + '#plus'"></use></svg><span class="unseen">{{ words.attach }}</span>
          <input type="file" multiple :accept="words.accept" :disabled="isNote || locked !== ''" @change="pick">
        </label>
        <span class="hint" :class="{ lost: !isLive }" role="status">{{ isLive ? words.hint : words.reconnecting }}</span>
        <button type="submit" class="button primary" :disabled="locked !== '' || !text.trim()">{{ isNote ? words.keepNote : words.send }}</button>
      </div>
    </form>`,
};
