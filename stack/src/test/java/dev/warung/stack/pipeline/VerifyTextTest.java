package dev.warung.stack.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class VerifyTextTest {
    @Test
    void onlyASummaryThatSaysSoIsIdentical() throws Exception {
        assertThat(VerifyText.saysIdentical(json("{'event':'summary','report':{'identical':true}}")))
                .isTrue();
        assertThat(VerifyText.saysIdentical(json("{'event':'summary','report':{'identical':false}}")))
                .isFalse();
        assertThat(VerifyText.saysIdentical(json("{'event':'table','report':{'identical':true}}")))
                .isFalse();
    }

    @Test
    void differentTableShowsItsReasonAndItsRows() throws Exception {
        JsonNode event =
                json("{'event':'table','result':{'table':'produk','verdict':'DIFFERENT','reason':'1 row differs',"
                        + "'source':{'rows':7,'hash':'ab'},'differences':[{'key':'{\\\"id\\\":3}'}]}}");

        assertThat(VerifyText.line(event).orElseThrow())
                .contains("produk", "different", "1 row differs")
                .contains("id");
    }

    @Test
    void unknownEventNeedsNoLine() throws Exception {
        assertThat(VerifyText.line(json("{'event':'new'}"))).isEmpty();
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }
}
