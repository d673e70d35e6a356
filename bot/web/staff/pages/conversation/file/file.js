// Sections of a file. Each is open or folded, and stays so while what stands in it changes.
export default {
  props: { shown: String },
  data: () => ({ folded: {} }),
  computed: {
    sections() {
      return JSON.parse(this.shown);
    },
  },
  methods: {
    isOpen(section) {
      return this.folded[section.title] === undefined ? section.isOpen : !this.folded[section.title];
    },
    toggled(event, section) {
      this.folded[section.title] = !event.target.open;
    },
  },
  template: `
    <div class="file">
      <details v-for="section in sections" :key="section.title" class="file-section" :open="isOpen(section)" @toggle="toggled($event, section)">
        <summary><h3>{{ section.title }}</h3><span class="num muted">{{ section.blocks.length > 1 ? section.blocks.length : "" }}</span></summary>
        <div class="file-body">
          <div v-for="block in section.blocks" class="block">
            <header>
              <a v-if="block.href" :href="block.href">{{ block.title }}</a><strong v-else>{{ block.title }}</strong>
              <span v-if="block.mark" class="badge" :class="block.tone">{{ block.mark }}</span>
            </header>
            <dl v-if="block.facts.length"><template v-for="fact in block.facts"><dt>{{ fact[0] }}</dt><dd>{{ fact[1] }}</dd></template></dl>
            <p v-if="block.text" class="block-text">{{ block.text }}</p>
          </div>
        </div>
      </details>
    </div>`,
};
