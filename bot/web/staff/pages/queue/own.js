// A member's own conversations, with what they have not read yet.
export default {
  props: { shown: String },
  computed: {
    seen() {
      return JSON.parse(this.shown);
    },
    lines() {
      return this.seen.lines;
    },
    words() {
      return this.seen.words;
    },
  },
  mounted() {
    this.title = document.title;
    this.count();
  },
  updated() {
    this.count();
  },
  methods: {
    count() {
      const unread = this.lines.reduce((sum, line) => sum + (line.isCurrent && !document.hidden ? 0 : line.unread), 0);
      document.title = unread ? `(${unread}) ${this.title}` : this.title;
    },
  },
  template: `
    <nav class="own" :aria-label="words.title">
      <h2>{{ words.title }} <span class="num muted">{{ words.load }}</span></h2>
      <p v-if="!lines.length" class="muted">{{ words.none }}</p>
      <ul>
        <li v-for="(line, place) in lines" :key="line.id">
          <a :href="line.href" class="own-line" :aria-current="line.isCurrent ? 'page' : null"
            :data-shortcut="place < 9 ? 'c ' + (place + 1) : null" :title="line.name">
            <span class="own-name">{{ line.name }}</span>
            <span v-if="line.isNew && !line.isCurrent" class="badge good">{{ words.fresh }}</span>
            <span v-else-if="line.unread && !line.isCurrent" class="badge count">{{ line.unread > 99 ? "99+" : line.unread }}<span class="unseen"> {{ words.unread }}</span></span>
            <span class="own-reason">{{ line.reason }}</span>
            <time v-if="line.waits" class="timer" :data-since="line.waits" :title="words.waits"></time>
          </a>
        </li>
      </ul>
    </nav>`,
};
