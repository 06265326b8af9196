package dev.warung.outlet.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** An answer: {@code {"success":true,"data":…}} or {@code {"success":false,"error":{"code":…,"message":…,"remedy":…}}}. */
record Reply(int status, JsonNode body) {

    static final ObjectMapper JSON = new ObjectMapper();
    static final int OK = 200;
    static final int CREATED = 201;
    static final int INVALID = 400;
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int WRONG_METHOD = 405;
    static final int CONFLICT = 409;
    static final int UNAVAILABLE = 503;

    static Reply data(int status, JsonNode data) {
        ObjectNode body = JSON.createObjectNode().put("success", true);
        body.set("data", data);
        return new Reply(status, body);
    }

    static Reply problem(int status, String code, String message, String remedy) {
        ObjectNode body = JSON.createObjectNode().put("success", false);
        body.putObject("error").put("code", code).put("message", message).put("remedy", remedy);
        return new Reply(status, body);
    }
}
