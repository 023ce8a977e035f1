import Foundation
import Hummingbird
import Logging
import Steering

/// Writes what the choices of one request generate, as a whole or as a stream of server-sent events.
struct AnswerWriter<Format: AnswerFormat>: Sendable {
    let format: Format
    let head: AnswerHead
    let choices: Choices
    /// What the client should know besides, for people.
    let warnings: [String]
    /// Whether the stream ends with a chunk that tells the usage.
    let streamsUsage: Bool
    let logger: Logger

    private var receipt: SteeringReceipt { SteeringReceipt(choices.plan) }

    /// Waits for all choices and puts them together.
    func whole() async throws -> Answer<Format.Choice> {
        var transcript = Transcript(choices)
        try await choices.forEachEvent { choice, event in transcript.take(event, of: choice) }
        return Answer(
            head: head,
            object: format.wholeName,
            choices: transcript.choices.enumerated().map { index, choice in
                format.whole(choice: index, text: choice.text, tokens: choice.tokens, reason: choice.reason ?? .stop)
            },
            usage: .present(transcript.usage),
            steering: receipt,
            warnings: warnings
        )
    }

    /// Sends each piece as soon as it is there. A failure in the middle becomes the stream's last event.
    ///
    /// Concurrent like the writer's own methods, since a writer stays in one isolation.
    @concurrent func stream(to writer: inout any ResponseBodyWriter) async throws {
        do {
            try await streamChoices(to: &writer)
            try await writer.write(ByteBuffer(string: "data: [DONE]\n\n"))
        } catch let error as InferenceError {
            logger.error("Generation failed", metadata: ["code": "\(error.code)", "error": "\(error.message)"])
            try await writer.write(event(OpenAIError(APIError(error))))
        }
    }

    @concurrent private func streamChoices(to writer: inout any ResponseBodyWriter) async throws {
        for choice in choices.generations.indices {
            if let opening = format.opening(choice: choice) {
                try await writer.write(event(chunk([opening])))
            }
        }
        var transcript = Transcript(choices)
        try await choices.forEachEvent { choice, event in
            let offset = transcript.choices[choice].length
            transcript.take(event, of: choice)
            switch event {
            case .text(let text, let tokens):
                let delta = format.delta(choice: choice, text: text, tokens: tokens, offset: offset)
                if let delta { try await writer.write(self.event(chunk([delta]))) }
            case .finished(let reason, _):
                let isLast = transcript.isComplete && !streamsUsage
                let ending = format.ending(choice: choice, reason: reason)
                try await writer.write(self.event(chunk([ending], steering: isLast ? receipt : nil)))
            }
        }
        if streamsUsage {
            try await writer.write(event(chunk([], usage: .present(transcript.usage), steering: receipt)))
        }
    }

    /// - Parameters:
    ///   - usage: What a stream that tells the usage says of it; null before the end.
    ///   - steering: The receipt, which stands in the last chunk together with the warnings.
    private func chunk(
        _ deltas: [Format.Delta],
        usage: Answer<Format.Delta>.UsageField = .null,
        steering: SteeringReceipt? = nil
    ) -> Answer<Format.Delta> {
        Answer(
            head: head,
            object: format.chunkName,
            choices: deltas,
            usage: streamsUsage ? usage : .absent,
            steering: steering,
            warnings: steering == nil ? [] : warnings
        )
    }

    private func event(_ value: some Encodable) throws -> ByteBuffer {
        var buffer = ByteBuffer(string: "data: ")
        buffer.writeBytes(try JSONEncoder.api.encode(value))
        buffer.writeString("\n\n")
        return buffer
    }
}
