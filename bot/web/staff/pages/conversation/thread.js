// The thread: what was said in the server's order, what is on its way, and where the reader stands in it.
const GIVEN_UP_AFTER = 10000;
const NEAR_THE_END = 60;

export default {
  props: { words: Object, me: Number },
  emits: ["sync", "send", "again", "arrived", "seen"],
  data: () => ({
    items: [], outgoing: [], seenUpTo: 0, isWriting: false, isFresh: false, isLive: false, hasOlder: false, newFrom: "", hasNewBelow: false,
  }),
  computed: {
    last() {
      return this.items.reduce((last, item) => Math.max(last, item.id ?? 0), 0);
    },
    lines() {
      let day = "";
      return this.items.map((item) => {
        const begins = item.day !== day;
        day = item.day;
        return { ...item, begins };
      });
    },
  },
  async mounted() {
    this.say = ({ detail }) => this.send(detail);
    document.addEventListener("conversation:say", this.say);
    document.addEventListener("visibilitychange", this.look);
    await this.$nextTick();
    window.socket.on("connect", this.sync);
    window.socket.on("disconnect", this.lose);
    if (window.socket.connected) this.sync();
  },
  unmounted() {
    document.removeEventListener("conversation:say", this.say);
    document.removeEventListener("visibilitychange", this.look);
  },
  methods: {
    // The connection: after each one the server sends what is missing, and only then may be written again.
    sync() {
      this.$emit("sync", this.last);
    },
    lose() {
      this.isLive = false;
      this.isWriting = false;
      document.dispatchEvent(new CustomEvent("conversation:lost"));
    },
    take(change) {
      const atEnd = this.isAtEnd();
      const isFirst = !this.isFresh;
      this.isFresh = true;
      this.merge(change);
      if (change.isSynced) {
        this.isLive = true;
        document.dispatchEvent(new CustomEvent("conversation:live"));
        for (const each of this.outgoing) if (each.state !== "refused") this.send(each);
      }
      this.$nextTick(() => {
        if (isFirst && this.newFrom) this.$el.querySelector(".new-line")?.scrollIntoView({ block: "center" });
        else if (isFirst || atEnd) this.toEnd();
        else if (change.items.length) this.hasNewBelow = true;
        this.look();
      });
    },
    merge({ items, seenUpTo, isWriting, newFrom, hasOlder }) {
      const known = new Map(this.items.map((item) => [item.key, item]));
      for (const item of items) known.set(item.key, item);
      this.items = [...known.values()].sort((a, b) => (a.id && b.id ? a.id - b.id : a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
      const arrived = new Set(items.map((item) => item.clientId));
      this.outgoing = this.outgoing.filter((each) => !arrived.has(each.clientId));
      Object.assign(this, { seenUpTo, isWriting, hasOlder });
      if (newFrom) this.newFrom = newFrom;
    },
    // What is on its way: an id makes it one message, however often it is sent.
    send(said) {
      const attempt = (said.attempt ?? 0) + 1;
      this.outgoing = [...this.outgoing.filter((each) => each.clientId !== said.clientId), { ...said, attempt, state: "sending", error: "" }];
      if (said.file) this.upload(said);
      else this.$emit("send", { clientId: said.clientId, text: said.text });
      setTimeout(() => this.giveUp(said.clientId, attempt), GIVEN_UP_AFTER);
      this.$nextTick(this.toEnd);
    },
    async upload({ file, clientId }) {
      const headers = { "X-File-Name": encodeURIComponent(file.name) };
      try {
        const answer = await fetch(`${this.words.uploads}&client_id=${clientId}`, { method: "POST", headers, body: file });
        if (!answer.ok) this.refuse(clientId, await answer.text());
      } catch {
        this.mark(clientId, "failed", "");
      }
    },
    giveUp(clientId, attempt) {
      const said = this.outgoing.find((each) => each.clientId === clientId);
      if (said?.state === "sending" && said.attempt === attempt) this.mark(clientId, "failed", "");
    },
    mark(clientId, state, error) {
      this.outgoing = this.outgoing.map((each) => (each.clientId === clientId ? { ...each, state, error } : each));
    },
    refuse(clientId, error) {
      this.mark(clientId, "refused", error);
    },
    // The reader's place
    isAtEnd() {
      const log = this.$refs.log;
      return !log || log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_THE_END;
    },
    toEnd() {
      this.$refs.log.scrollTop = this.$refs.log.scrollHeight;
    },
    look() {
      if (this.isAtEnd()) this.hasNewBelow = false;
      if (document.hidden || !this.isLive || !this.isAtEnd() || this.last <= (this.seenId ?? 0)) return;
      this.seenId = this.last;
      this.$emit("seen", this.last);
    },
    delivery(item) {
      return item.state === "sent" && item.kind === "staff" && item.id <= this.seenUpTo ? this.words.seen : item.stateWords;
    },
  },
  template: `
    <section class="thread" :aria-label="words.title">
      <div class="log" ref="log" role="log" tabindex="0" :aria-label="words.title" :aria-busy="!isFresh" @scroll.passive="look">
        <div v-if="!isFresh" class="state-loading" role="status"><span class="unseen">{{ words.loading }}</span><div class="bone"></div><div class="bone"></div><div class="bone"></div></div>
        <p v-else-if="hasOlder" class="older">{{ words.older }}</p>
        <p v-if="isFresh && !items.length" class="older">{{ words.empty }}</p>
        <template v-for="item in lines" :key="item.key">
          <p v-if="item.begins" class="day"><span>{{ item.day }}</span></p>
          <p v-if="item.key === newFrom" class="new-line"><span>{{ words.new }}</span></p>
          <article class="item" :class="[item.kind, item.state]" :data-id="item.id">
            <header v-if="item.kind !== 'system'">
              <b><svg v-if="item.kind === 'bot'" class="icon" aria-hidden="true"><use :href="words.icons + '#bot'"></use></svg>{{ item.who }}</b>
              <span v-if="item.kind === 'note'" class="private"><svg class="icon" aria-hidden="true"><use :href="words.icons + '#lock'"></use></svg>{{ words.private }}</span>
              <time :datetime="item.at">{{ item.time }}</time>
            </header>
            <p v-if="item.text" class="said">{{ item.text }}<template v-if="item.kind === 'system'">&ensp;<time :datetime="item.at">{{ item.time }}</time></template></p>
            <p v-if="item.original" class="original"><span>{{ words.typed }}</span> {{ item.original }}</p>
            <a v-for="file in item.files" :key="file.id" class="file" :href="file.href" download>
              <img v-if="file.picture" :src="file.picture" :alt="words.picture + ': ' + file.name" loading="lazy">
              <span><svg class="icon" aria-hidden="true"><use :href="words.icons + '#download'"></use></svg>{{ file.name }} <small>{{ file.size }}</small></span>
            </a>
            <details v-if="item.card" class="card">
              <summary>{{ item.card.title }}</summary>
              <section v-for="part in item.card.parts">
                <h3>{{ part.title }}</h3>
                <dl><template v-for="line in part.lines"><dt>{{ line.label }}</dt><dd>{{ line.value }}</dd></template></dl>
              </section>
            </details>
            <p v-if="item.buttons && item.buttons.length" class="buttons"><span v-for="title in item.buttons">{{ title }}</span></p>
            <footer v-if="item.kind === 'staff' || item.kind === 'bot' && item.state !== 'sent'">
              <span class="delivery">{{ delivery(item) }}<template v-if="item.error">: {{ item.error }}</template></span>
              <button v-if="item.state === 'failed'" type="button" class="button quiet" @click="$emit('again', item.id)">{{ words.again }}</button>
              <template v-if="item.state === 'unknown'">
                <button type="button" class="button quiet" @click="$emit('arrived', item.id)">{{ words.arrived }}</button>
                <button type="button" class="button quiet" @click="$emit('again', item.id)">{{ words.again }}</button>
              </template>
            </footer>
          </article>
        </template>
        <article v-for="each in outgoing" :key="each.clientId" class="item staff outgoing" :class="each.state">
          <p class="said">{{ each.text }}</p>
          <footer>
            <span class="delivery" role="status">{{ words.states[each.state] }}<template v-if="each.error">: {{ each.error }}</template></span>
            <button v-if="each.state !== 'sending'" type="button" class="button quiet" :disabled="!isLive" @click="send(each)">{{ words.retry }}</button>
          </footer>
        </article>
      </div>
      <div class="below">
        <button v-if="hasNewBelow" type="button" class="button to-end" @click="toEnd">{{ words.newBelow }}</button>
        <p class="writing" role="status"><template v-if="isWriting"><i></i><i></i><i></i> {{ words.writing }}</template></p>
      </div>
    </section>`,
};
