import HTTPAPI
import HTTPTypes
import MillmTesting
import Testing

struct ParameterValidationTests {
    @Test(
        arguments: [
            (#""temperature":2.5"#, "temperature", "'temperature' must be from 0 to 2."),
            (#""temperature":"hot""#, "temperature", "'temperature' must be a number."),
            (#""top_p":-0.1"#, "top_p", "'top_p' must be from 0 to 1."),
            (#""n":0"#, "n", "'n' must be from 1 to 8."),
            (#""n":9"#, "n", "'n' must be from 1 to 8."),
            (#""n":true"#, "n", "'n' must be a whole number."),
            (#""max_tokens":0"#, "max_tokens", "'max_tokens' must be at least 1."),
            (#""max_completion_tokens":-1"#, "max_completion_tokens", "'max_completion_tokens' must be at least 1."),
            (#""presence_penalty":3"#, "presence_penalty", "'presence_penalty' must be from -2 to 2."),
            (#""frequency_penalty":-3"#, "frequency_penalty", "'frequency_penalty' must be from -2 to 2."),
            (#""stop":["a","b","c","d","e"]"#, "stop", "'stop' takes up to 4 texts, none of them empty."),
            (#""stop":"""#, "stop", "'stop' takes up to 4 texts, none of them empty."),
            (#""stop":[1]"#, "stop", "'stop' must be a text or an array of texts."),
            (#""top_logprobs":1"#, "top_logprobs", "'top_logprobs' is possible only together with 'logprobs'."),
            (#""logprobs":true,"top_logprobs":21"#, "top_logprobs", "'top_logprobs' must be from 0 to 20."),
            (#""stream_options":{}"#, "stream_options", "'stream_options' is possible only together with 'stream'."),
            (
                #""stream":true,"stream_options":{"include_usage":1}"#, "stream_options.include_usage",
                "'stream_options.include_usage' must be true or false."
            ),
            (#""profile":7"#, "profile", "'profile' must be a text."),
            (#""model":[]"#, "model", "'model' must be a text."),
        ]
    )
    func `a chat parameter that breaks a rule is named`(field: String, parameter: String, message: String) async throws
    {
        let api = APIUnderTest()
        let answer = try await api.chat(field)
        #expect(answer.status == 400)
        #expect(
            try answer.json == [
                "error": [
                    "message": .text(message), "type": "invalid_request_error",
                    "param": .text(parameter), "code": "invalid_value",
                ]
            ]
        )
        #expect(api.core.requests.isEmpty)
    }

    @Test(
        arguments: [
            ("{}", "messages", "'messages' is missing."),
            (#"{"messages":[]}"#, "messages", "'messages' must hold at least one message."),
            (#"{"messages":"hi"}"#, "messages", "'messages' must be an array."),
            (#"{"messages":[{"role":"user"}]}"#, "messages[0].content", "'messages[0].content' is missing."),
            (
                #"{"messages":[{"role":"user","content":null}]}"#, "messages[0].content",
                "'messages[0].content' must be a text, not null."
            ),
            (
                #"{"messages":[{"role":"user","content":5}]}"#, "messages[0].content",
                "The 'content' of a message must be a text or an array of parts."
            ),
            (#"{"messages":[{"content":"hi"}]}"#, "messages[0].role", "'messages[0].role' is missing."),
            (
                #"{"messages":[{"role":"tool","content":"hi"}]}"#, "messages[0].role",
                "The 'role' of a message must be 'system', 'developer', 'user' or 'assistant'."
            ),
            (
                #"{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}"#, "messages[0].content[0].type",
                "This model reads text only: the 'type' of a content part must be 'text'."
            ),
            ("[]", "body", "'body' must be an object."),
        ]
    )
    func `messages that cannot be read are pointed at`(body: String, parameter: String, message: String) async throws {
        let answer = try await APIUnderTest().post("/v1/chat/completions", body)
        #expect(answer.status == 400)
        #expect(try answer.json["error"]?["param"] == .text(parameter))
        #expect(try answer.json["error"]?["message"] == .text(message))
    }

    @Test(
        arguments: [
            ("{}", "prompt", "'prompt' is missing."),
            (
                #"{"prompt":[1,2]}"#, "prompt",
                "'prompt' must be a text or an array of texts; token numbers are not taken."
            ),
            (
                #"{"prompt":[]}"#, "prompt",
                "'prompt' must be a text or an array of texts; token numbers are not taken."
            ),
            (#"{"prompt":"a","logprobs":6}"#, "logprobs", "'logprobs' must be from 0 to 5."),
            (#"{"prompt":["a","b","c"],"n":3}"#, "n", "'n' asks for more than 8 answers in one request."),
        ]
    )
    func `a plain completion's parameters are checked`(body: String, parameter: String, message: String) async throws {
        let answer = try await APIUnderTest().post("/v1/completions", body)
        #expect(answer.status == 400)
        #expect(try answer.json["error"]?["param"] == .text(parameter))
        #expect(try answer.json["error"]?["message"] == .text(message))
    }

    @Test(arguments: ["1e999", "1.5", "99999999999999999999"])
    func `a number that does not fit is refused with its field`(number: String) async throws {
        let answer = try await APIUnderTest().chat(#""seed":\#(number)"#)
        #expect(answer.status == 400)
        #expect(try answer.json["error"]?["param"] == "seed")
        #expect(try answer.json["error"]?["code"] == "invalid_value")
    }

    @Test(arguments: [
        "", "{", "{\n  \"messages\": oops\n}", #"{"messages":[{"role":"user","content":"\ud800"}]}"#, "\u{FF}",
    ])
    func `a body that is no JSON is 400`(body: String) async throws {
        let answer = try await APIUnderTest().post("/v1/chat/completions", body)
        #expect(answer.status == 400)
        #expect(try answer.json["error"]?["code"] == "malformed_body")
        #expect(try answer.json["error"]?["param"] == JSON.null)
    }

    @Test func `a JSON error tells its place`() async throws {
        let answer = try await APIUnderTest().post("/v1/chat/completions", "{\n  \"messages\": oops\n}")
        #expect(
            try answer.json["error"]?["message"]
                == "The body cannot be read: a value is expected in line 2, column 15."
        )
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", nil])
    func `a body of another content type is refused`(contentType: String?) async throws {
        var headers = HTTPFields()
        headers[.contentType] = contentType
        let answer = try await APIUnderTest().send(
            .post,
            "/v1/chat/completions",
            headers: headers,
            body: APIUnderTest.chatBody()
        )
        #expect(answer.status == 400)
        #expect(try answer.json["error"]?["code"] == "invalid_content_type")
    }

    @Test(arguments: ["application/json; charset=utf-8", "Application/JSON", "application/vnd.api+json"])
    func `the ways to say JSON are understood`(contentType: String) async throws {
        let answer = try await APIUnderTest().send(
            .post,
            "/v1/chat/completions",
            headers: [.contentType: contentType],
            body: APIUnderTest.chatBody()
        )
        #expect(answer.status == 200)
    }

    @Test(arguments: [true, false])
    func `a body over the limit is 413, announced or not`(announced: Bool) async throws {
        let body = APIUnderTest.chatBody(#""user":"\#(String(repeating: "x", count: 1 << 20))""#)
        var headers: HTTPFields = [.contentType: "application/json"]
        if announced { headers[.contentLength] = String(body.utf8.count) }
        let answer = try await APIUnderTest().send(.post, "/v1/chat/completions", headers: headers, body: body)
        #expect(answer.status == 413)
        #expect(
            try answer.json["error"] == [
                "message": "The body is larger than 1048576 bytes.", "type": "invalid_request_error",
                "param": nil, "code": "body_too_large",
            ]
        )
    }

    @Test func `a body of exactly the limit is read`() async throws {
        let rest = APIUnderTest.chatBody(#""user":"""#).utf8.count
        let body = APIUnderTest.chatBody(#""user":"\#(String(repeating: "x", count: (1 << 20) - rest))""#)
        #expect(body.utf8.count == 1 << 20)
        #expect(try await APIUnderTest().post("/v1/chat/completions", body).status == 200)
    }
}
