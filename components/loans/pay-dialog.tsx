'use client'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { newKey, sendJson } from '#components/live/send-json.ts'
import { SendTrouble, type Unsent } from '#components/shell/send-trouble.tsx'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Field } from '#components/ui/field.tsx'
import { Form } from '#components/ui/form.tsx'
import { formatAmount, formatMoney } from '#components/ui/format.ts'
import { parseAmount } from '#components/ui/parse-number.ts'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { WireLoan, WirePayment } from '#server/protocol/loans.ts'
import { paymentSchema } from '#server/protocol/loans-schemas.ts'

type PayDialogProps = { loan: WireLoan; demo: boolean; onClose: () => void; onPaid: () => void }

/**
 * Orders a repayment. One key for the life of the dialog: submitted twice, or resent after a cut connection, it happens
 * once.
 */
export function PayDialog({ loan, demo, onClose, onPaid }: PayDialogProps) {
  const [key] = useState(newKey)
  const [text, setText] = useState(formatAmount(Math.min(loan.instalmentMinor, loan.outstandingMinor)))
  const [sending, setSending] = useState(false)
  const [trouble, setTrouble] = useState<Unsent>()
  const [touched, setTouched] = useState(false)
  const formId = useId()
  const field = useRef<HTMLInputElement>(null)
  // A modal dialog focuses its first button when it opens; here the amount comes first.
  useEffect(() => field.current?.select(), [])
  const amountMinor = parseAmount(text, loan.currency)
  const wrong = whatIsWrong(amountMinor, loan)

  const pay = async (event: FormEvent) => {
    event.preventDefault()
    setTouched(true)
    if (sending || wrong) return
    setSending(true)
    const url = `/api/loans/${loan.id}/payments`
    const sent = await sendJson<WirePayment>(pageRecorder.fetch, url, { amountMinor }, key)
    setSending(false)
    if (sent.state === 'done') onPaid()
    else setTrouble(sent)
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title="Make a payment"
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button look="primary" type="submit" form={formId} pending={sending}>
            {trouble?.state === 'unanswered'
              ? 'Send again'
              : `Pay${wrong ? '' : ` ${formatMoney(amountMinor ?? 0, loan.currency)}`}`}
          </Button>
        </>
      }
    >
      <Form id={formId} onSubmit={pay} noValidate className="space-y-4">
        <p>The payment is made once, even if you press twice or the connection drops.</p>
        <Field
          label="Amount"
          inputMode="decimal"
          autoComplete="off"
          ref={field}
          value={text}
          onChange={(event) => setText(event.target.value)}
          unit={loan.currency}
          error={touched ? wrong : undefined}
          hint={demo ? 'Demo: the bank refuses amounts ending in .13.' : undefined}
        />
        {trouble && <SendTrouble trouble={trouble} />}
      </Form>
    </Dialog>
  )
}

function whatIsWrong(amountMinor: number | undefined, loan: WireLoan): string | undefined {
  if (amountMinor === undefined) return `Enter an amount in ${loan.currency}, such as 250.00.`
  if (amountMinor > loan.outstandingMinor) {
    return `Enter at most the outstanding ${formatMoney(loan.outstandingMinor, loan.currency)}.`
  }
  return paymentSchema.safeParse({ amountMinor }).error?.issues[0]?.message
}
