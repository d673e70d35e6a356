// Who is at work, those who take conversations first.
export default {
  props: { present: Array, count: Number, words: Object },
  template: `
    <section class="at-work" :aria-label="words.title">
      <h2>{{ words.title }} <span class="num muted">{{ count }}</span></h2>
      <ul>
        <li v-for="each in present">
          <i class="dot" :class="{ here: each.takes }" aria-hidden="true"></i>
          <span>{{ each.name }}</span>
          <span v-if="!each.takes" class="muted">{{ words.onABreak }}</span>
          <span class="num muted">{{ each.load }}</span>
        </li>
      </ul>
      <p v-if="count > present.length" class="muted">{{ words.more }}</p>
    </section>`,
};
