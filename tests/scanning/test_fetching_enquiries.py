"""Enquiries: what was heard of scanners, and what goes wrong with asking."""

import pytest

from scanning.fetching.enquiries import Enquiry

PATIENCE = 30


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_after_a_question_that_broke_off_the_next_one_is_asked() -> None:
    answers = iter([None, "a scanner"])

    def question() -> str:
        if (answer := next(answers)) is None:
            raise OSError("no more processes")
        return answer

    enquiry = Enquiry(question)
    broken = enquiry.hear(anew=True, wait=PATIENCE)
    assert (broken.answer, broken.is_asking) == (None, False)
    heard = enquiry.hear(anew=True, wait=PATIENCE)
    assert (heard.answer, heard.is_asking) == ("a scanner", False)
