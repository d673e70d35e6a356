// Who is at work, those who take conversations first.
export default {
  props: { shown: String },
  computed: {
    seen() {
      return JSON.parse(this.shown);
    },
  },
  template: `
    <section class="at-work" :aria-label="seen.title">
      <h2>{{ seen.title }} <span class="num muted">{{ seen.count }}</span></h2>
      <ul>
        <li v-for="each in seen.present">
          <i class="dot" :class="{ here: each.takes }" aria-hidden="true"></i>
          <span>{{ each.name }}</span>
          <span v-if="!each.takes" class="muted">{{ seen.onABreak }}</span>
          <span class="num muted">{{ each.load }}</span>
        </li>
      </ul>
      <p v-if="seen.more" class="muted">{{ seen.more }}</p>
    </section>`,
};
