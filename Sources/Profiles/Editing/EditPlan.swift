import YAML

/// Finds the edits that make one profile's file into another's.
struct EditPlan {
    private let root: Node.Mapping
    private let text: EditableText
    /// What the keys of the file are, in the order in which they are written: a new one comes behind those that
    /// precede it.
    private let schema: ProfileSchema

    init(root: Node.Mapping, bytes: [UInt8], schema: ProfileSchema) {
        self.root = root
        self.schema = schema
        text = EditableText(bytes)
    }

    /// The edits that change the file's values from one profile's to another's.
    func splices(from old: Profile, to new: Profile) -> [Splice] {
        var splices: [Splice] = []
        var changed: [(key: String, value: EntryValue?)] = []
        func change(_ field: ProfileSchema.Field.Value, to value: EntryValue?) {
            if let key = schema.key(of: field) { changed.append((key, value)) }
        }
        if !old.name.isIdentical(to: new.name) { change(.name, to: .text(new.name)) }
        if !old.description.isIdentical(to: new.description) {
            change(.description, to: new.description.map(EntryValue.text))
        }
        if !old.model.isIdentical(to: new.model) { change(.model, to: new.model.map(EntryValue.text)) }
        if !old.sae.isIdentical(to: new.sae) { change(.sae, to: new.sae.map(EntryValue.text)) }
        if old.layer != new.layer { change(.layer, to: new.layer.map { .number(String($0)) }) }
        splices += edits(of: changed)
        if old.steering != new.steering { splices += steeringEdits(from: old.steering, to: new.steering) }
        return splices
    }

    /// Replaces, adds and removes keys of the root; a nil value removes.
    private func edits(of changed: [(key: String, value: EntryValue?)]) -> [Splice] {
        func place(_ key: String) -> Int? { root.entries.firstIndex { $0.key.text == key } }
        let editor = MappingEditor(root, text: text)
        let removed = changed.filter { $0.value == nil }.compactMap { place($0.key) }.sorted()
        var splices: [Splice] = []
        var additions: [MappingEditor.Addition] = []
        for (key, value) in changed {
            guard let value else { continue }
            if let index = place(key) {
                splices += editor.replace(index, with: value)
            } else {
                additions.append(([(key, value)], predecessor(of: key, except: removed)))
            }
        }
        return splices + editor.change(removing: removed, adding: additions)
    }

    /// The last entry that stays and whose key is written before this one. There is always one: the name.
    private func predecessor(of key: String, except removed: [Int]) -> Int {
        let earlier = schema.fields.map(\.key).prefix { $0 != key }
        let candidates = root.entries.indices.filter { !removed.contains($0) }
        return candidates.last { earlier.contains(root.entries[$0].key.text) } ?? 0
    }

    private func steeringEdits(from old: [Int: Double], to new: [Int: Double]) -> [Splice] {
        guard let index = root.entries.firstIndex(where: { $0.key.text == "steering" }),
            case .mapping(let mapping) = root.entries[index].value
        else { return [] }
        let added = new.keys.filter { old[$0] == nil }.sorted().map { index in
            (key: String(index), value: EntryValue.number(new[index]?.description ?? "0.0"))
        }
        let removed = mapping.entries.indices.filter { position in
            Int(mapping.entries[position].key.text).map { new[$0] == nil } ?? false
        }
        let editor = MappingEditor(mapping, text: text)
        if removed.count == mapping.entries.count {
            return MappingEditor(root, text: text).replaceAll(inValueOf: index, with: added)
        }
        var splices: [Splice] = []
        for (index, entry) in mapping.entries.enumerated() {
            guard let feature = Int(entry.key.text), let strength = new[feature], strength != old[feature] else {
                continue
            }
            splices += editor.replace(index, with: .number(strength.description))
        }
        let last = mapping.entries.indices.last { !removed.contains($0) } ?? 0
        return splices + editor.change(removing: removed, adding: [(added, last)])
    }
}
