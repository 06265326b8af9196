package dev.warung.core.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** An answer of a role's HTTP interface: {@code {"success":true,"data":…}} or {@code {"success":false,"error":{"code":…,"message":…,"remedy":…}}}. */
public record ApiReply(int status, JsonNode body) {

    public static final ObjectMapper JSON = new ObjectMapper();
    public static final int OK = 200;
    public static final int CREATED = 201;
    public static final int INVALID = 400;
    public static final int UNAUTHORIZED = 401;
    public static final int FORBIDDEN = 403;
    public static final int NOT_FOUND = 404;
    public static final int WRONG_METHOD = 405;
    public static final int CONFLICT = 409;
    public static final int UNAVAILABLE = 503;

    public static ApiReply data(int status, JsonNode data) {
        ObjectNode body = JSON.createObjectNode().put("success", true);
        body.set("data", data);
        return new ApiReply(status, body);
    }

    public static ApiReply problem(int status, String code, String message, String remedy) {
        ObjectNode body = JSON.createObjectNode().put("success", false);
        body.putObject("error").put("code", code).put("message", message).put("remedy", remedy);
        return new ApiReply(status, body);
    }

    public byte[] bytes() {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is JSON", e);
        }
    }
}
