/** The tabs that a first visit opens with. */
globalThis.madangExamples = [
  {
    headers: '{}',
    query: `# 마당(Madang)에 오신 것을 환영합니다!
#
# 1. 이 탭을 실행(▶ 또는 Ctrl-Enter)해 로그인하세요. 받은 토큰은 이 창의 다른 탭에서 저절로 쓰입니다.
#    다른 사람으로 요청하려면 아래 Headers에 { "authorization": "Bearer <accessToken>" }을 넣으세요.
# 2. 결제수단 등록 → 교재 신청 → 마이페이지 → 실시간 배송 상태 탭을 차례로 실행하세요.
#
# Welcome to Madang!
#
# 1. Run this tab (▶ or Ctrl-Enter) to sign in. The other tabs of this window use the token by themselves.
#    To ask as somebody else put { "authorization": "Bearer <accessToken>" } into Headers below.
# 2. Then run the other tabs: payment method, apply for a textbook, my page, status changes live.
#
# customer@ · manager@ · trainer@ · admin@madang.example
mutation SignIn {
  signIn(input: { email: "customer@madang.example", password: "madang-demo-1" }) {
    accessToken
    account { id displayName roles }
  }
}
`,
  },
  {
    headers: '{}',
    query: `# 결제수단 등록 / register a payment method: without one nothing can be bought
mutation RegisterPaymentMethod {
  registerPaymentMethod(input: { kind: CREDIT_CARD, number: "4242 4242 4242 4242" }) {
    id kind maskedNumber isDefault
  }
}

# 교재 목록 / the catalogue
query Books {
  books(first: 10) {
    edges { node { id title author price } }
  }
}
`,
  },
  {
    headers: '{}',
    query: `# 교재 신청: bookId는 Books가 돌려준 것 / apply for a textbook; bookId is one that Books answered
mutation ApplyForTextbook($bookId: ID!) {
  applyForTextbook(
    input: {
      bookId: $bookId
      quantity: 1
      address: { recipient: "김마당", phone: "010-1234-5678", postalCode: "04524", line1: "서울특별시 중구 세종대로 110" }
    }
  ) {
    id status notice amount
    payment { id status }
  }
}

# 신청 취소 / cancel it: payment and delivery are cancelled together
mutation Cancel($applicationId: ID!) {
  cancelTextbookApplication(input: { applicationId: $applicationId }) { id status cancellationRejectedReason }
}
`,
    variables: '{\n  "bookId": "",\n  "applicationId": ""\n}',
  },
  {
    headers: '{}',
    query: `# 마이페이지: 한 번의 쿼리로 여러 서비스에서 / my page: one query over many services
query MyPage {
  me {
    displayName
    textbookApplications(first: 5) {
      edges { node { id title status payment { status amount } delivery { status } } }
    }
    paymentMethods { edges { node { kind maskedNumber isDefault } } }
    messages(first: 5) { edges { node { id status } } }
  }
}
`,
  },
  {
    headers: '{}',
    query: `# 실시간 배송 상태: 실행해 두고 다른 탭에서 신청하세요 / start this, then apply in another tab
# 끊기면 마지막 cursor를 after로 / when it is interrupted: the last cursor as \`after\`
subscription ApplicationStatus {
  applicationStatusChanged {
    status
    occurredAt
    cursor
    application {
      id title
      payment { status amount }
      delivery { status }
    }
  }
}

subscription DeliveryStatus {
  deliveryStatusChanged {
    status
    cursor
    delivery { id application { title quantity } }
  }
}
`,
  },
];
