// The queue: a table whose lines keep their place while it changes, walked through with j and k.
export default {
  props: { shown: String, words: Object, me: Number, mayStepIn: Boolean },
  emits: ["claim", "stepIn", "choose"],
  data: () => ({ asked: "", isLost: false }),
  computed: {
    seen() {
      return JSON.parse(this.shown);
    },
    lines() {
      return this.seen.lines;
    },
    view() {
      return this.seen.view;
    },
  },
  async mounted() {
    await this.$nextTick();
    window.socket.on("connect", () => (this.isLost = false));
    window.socket.on("disconnect", () => (this.isLost = true));
  },
  watch: {
    lines() {
      if (!this.lines.some((line) => line.id === this.asked)) this.asked = "";
    },
  },
  methods: {
    walk(step) {
      const acts = [...this.$el.querySelectorAll("[data-act]")];
      const at = acts.findIndex((act) => act.closest("tr").contains(document.activeElement));
      const next = acts[at < 0 ? (step > 0 ? 0 : acts.length - 1) : Math.min(Math.max(at + step, 0), acts.length - 1)];
      next?.focus();
      next?.closest("tr").scrollIntoView({ block: "nearest" });
    },
    ask(event, line) {
      this.asked = line.id;
      this.$emit(event, line.id);
    },
    release() {
      this.asked = "";
    },
  },
  template: `
    <section class="queue panel" :class="{ lost: isLost }" :aria-label="words.title">
      <header class="queue-head">
        <div class="segments" role="group" :aria-label="words.show">
          <button v-for="(each, place) in seen.views" type="button" :key="each.key" :aria-pressed="each.key === view"
            :data-shortcut="place + 1" :aria-label="each.words" @click="$emit('choose', each.key)">
            {{ each.words }} <b class="num">{{ each.count }}</b>
          </button>
        </div>
        <span role="status"><span v-if="isLost" class="stale"><svg class="icon" aria-hidden="true"><use :href="words.icons + '#clock'"></use></svg>{{ words.lost }}</span></span>
        <span class="walk">
          <button type="button" class="icon-button" data-shortcut="k" :aria-label="words.previous" @click="walk(-1)"><kbd>k</kbd></button>
          <button type="button" class="icon-button" data-shortcut="j" :aria-label="words.next" @click="walk(1)"><kbd>j</kbd></button>
        </span>
      </header>
      <div class="queue-scroller" v-if="lines.length" tabindex="-1">
        <table class="table">
          <thead><tr>
            <th scope="col" class="time">{{ view === "taken" ? words.unanswered : words.due }}</th>
            <th scope="col">{{ words.who }}</th>
            <th scope="col">{{ words.reads }}</th>
            <th scope="col">{{ view === "taken" ? words.owner : words.skill }}</th>
            <th scope="col" class="time">{{ words.waiting }}</th>
            <th scope="col"><span class="unseen">{{ words.act }}</span></th>
          </tr></thead>
          <tbody>
            <tr v-for="line in lines" :key="line.id" :class="{ mine: line.ownerId === me }">
              <td class="time">
                <template v-if="view === 'taken'"><time v-if="line.waits" class="timer" :data-since="line.waits"></time><span v-else class="muted">–</span></template>
                <time v-else-if="line.due" class="timer due" :data-until="line.due"></time>
                <span v-else class="call">{{ words.callAt }} {{ line.call }}</span>
              </td>
              <td>
                <div class="who">
                  <a :href="line.href">{{ line.name }}</a>
                  <span v-if="line.priority" class="badge" :class="line.tone">{{ line.priority }}</span>
                  <span v-if="line.care" class="badge care" :title="line.care">{{ words.care }}<span class="unseen">: {{ line.care }}</span></span>
                  <span v-if="line.due && line.call" class="badge good">{{ words.callNow }}</span>
                </div>
                <div class="why"><span>{{ line.reason }}</span><span class="num">{{ line.reference }}</span></div>
              </td>
              <td><div class="two-lines"><span>{{ line.reads }}</span><span>{{ line.channel }}</span></div></td>
              <td>{{ view === "taken" ? line.owner : line.skill || words.anybody }}</td>
              <td class="time"><time class="timer" :data-since="line.since"></time></td>
              <td class="tools-cell">
                <button v-if="view !== 'taken'" type="button" class="button" data-act :disabled="isLost || asked === line.id"
                  :aria-label="words.claim + ': ' + line.name" @click="ask('claim', line)">{{ words.claim }}</button>
                <button v-else-if="mayStepIn && line.ownerId !== me" type="button" class="button" data-act :disabled="isLost || asked === line.id"
                  :aria-label="words.stepIn + ': ' + line.name" @click="ask('stepIn', line)">{{ words.stepIn }}</button>
                <a v-else class="button" data-act :href="line.href">{{ words.open }}</a>
              </td>
            </tr>
          </tbody>
        </table>
        <p v-if="seen.more" class="more">{{ seen.more }}</p>
      </div>
      <div v-else class="state state-empty">
        <svg class="icon" aria-hidden="true"><use :href="words.icons + '#check'"></use></svg>
        <h2>{{ words.empty[view].title }}</h2>
        <p>{{ words.empty[view].hint }}</p>
      </div>
    </section>`,
};
