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
                json("{'event':'table','result':{'table':'produk','verdict':'DIFFERENT','reason':'1 key differs',"
                        + "'source':{'rows':7,'hash':'ab'},'more':true,'differences':[{'kind':'CHANGED',"
                        + "'key':[{'column':'id','value':'3'}],"
                        + "'columns':[{'column':'harga','source':'9.00','backup':'9.0'}]}]}}");

        assertThat(VerifyText.line(event).orElseThrow())
                .contains("produk", "different", "1 key differs")
                .contains("id=3: changed\n        harga: PostgreSQL 9.00, backup 9.0")
                .endsWith("and more");
    }

    @Test
    void waitingNamesTheTransaction() throws Exception {
        JsonNode event = json("{'event':'waiting','waitedMs':3000,'limitMs':60000,'transactions':[{'pid':7,'xid':99,"
                + "'ageMs':5000,'application':'psql','state':'idle in transaction','query':'delete from t'}]}");

        assertThat(VerifyText.line(event).orElseThrow())
                .isEqualTo("verify: waiting 3 s of at most 60 s for the end of\n"
                        + "    pid 7 (psql), transaction 99, open for 5 s, idle in transaction: delete from t");
    }

    @Test
    void unknownEventNeedsNoLine() throws Exception {
        assertThat(VerifyText.line(json("{'event':'new'}"))).isEmpty();
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }
}
