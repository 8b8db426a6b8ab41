"""Pages of lists as tests ask for them."""


def page_of(client_of, role, url, **headers):
    answer = client_of(role).get(url, headers=headers)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()
