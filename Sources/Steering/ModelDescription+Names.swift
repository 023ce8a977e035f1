extension ModelDescription {
    /// Whether a profile's `model` means this model: without regard to case it is the name, the file's name or
    /// `general.name`, or one of them behind an owner (`HuggingFaceTB/SmolLM2-135M-Instruct`).
    package func isCalled(_ text: String) -> Bool {
        let wanted = text.lowercased()
        let names = [name, fileName, generalName].compactMap { $0?.lowercased() }.filter { !$0.isEmpty }
        if names.contains(wanted) { return true }
        guard let slash = wanted.firstIndex(of: "/"), slash != wanted.startIndex else { return false }
        return names.contains(String(wanted[wanted.index(after: slash)...]))
    }

    /// The name that a GGUF file gives its model: without the extension and the quantisation's suffix.
    ///
    /// `SmolLM2-135M-Instruct.Q4_1.gguf`, `SmolLM2-135M-Instruct-Q4_K_M.gguf` and
    /// `SmolLM2-135M-Instruct-f16-00001-of-00002.gguf` all come to `SmolLM2-135M-Instruct`.
    package static func name(fromFileName fileName: String) -> String {
        var name = Substring(fileName)
        if name.lowercased().hasSuffix(".gguf") { name = name.dropLast(5) }
        if let part = name.firstMatch(of: /-\d{5}-of-\d{5}$/) { name = name[..<part.range.lowerBound] }
        // The names of llama.cpp's file types, and what people put before them: UD- for a mixture, i1- for a matrix.
        let quantisation =
            /[.\-_]((ud|i1)[.\-])?(i?q\d+(_[a-z0-9]+)*|tq\d_\d|bf16|fp?(16|32)|mxfp4(_moe)?|nvfp4)$/
            .ignoresCase()
        if let suffix = name.firstMatch(of: quantisation), suffix.range.lowerBound > name.startIndex {
            name = name[..<suffix.range.lowerBound]
        }
        return name.isEmpty ? fileName : String(name)
    }
}
