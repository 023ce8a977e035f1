import Steering

/// What the choices of one request have generated so far.
struct Transcript {
    struct Choice {
        var text = ""
        var tokens: [Generation.Token] = []
        /// Nil until the choice has ended.
        var reason: Generation.FinishReason?
        /// The text's length in Unicode scalars, kept so that no piece makes the whole be counted again.
        var length = 0
    }

    private(set) var choices: [Choice]
    private(set) var usage = Usage()
    private let choicesPerPrompt: Int

    init(_ choices: Choices) {
        self.choices = Array(repeating: Choice(), count: choices.generations.count)
        choicesPerPrompt = choices.choicesPerPrompt
    }

    /// Whether all choices have ended.
    var isComplete: Bool { choices.allSatisfy { $0.reason != nil } }

    /// Writes down an event.
    mutating func take(_ event: Generation.Event, of choice: Int) {
        switch event {
        case .text(let text, let tokens):
            choices[choice].text += text
            choices[choice].length += text.unicodeScalars.count
            choices[choice].tokens += tokens
        case .finished(let reason, let usage):
            choices[choice].reason = reason
            self.usage.add(usage, countingPrompt: choice.isMultiple(of: choicesPerPrompt))
        }
    }
}
